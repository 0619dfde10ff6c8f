/** A piece of code that the documentation shows. */
export interface Snippet {
  /** Relative to the root. */
  readonly path: string
  /** The line of the first line of code, from 1. */
  readonly line: number
  readonly code: string
  /** What the fence says behind `ts`. */
  readonly mark: Mark | undefined
}

/** `continues` takes up where the snippet before it ended; the others need a comment on their first line that says why. */
export type Mark = 'no-run' | 'no-check' | 'continues'

const marks: readonly string[] = ['no-run', 'no-check', 'continues']

export interface Extract {
  readonly snippets: readonly Snippet[]
  readonly problems: readonly string[]
}

/** The ```ts fences of a Markdown text, or of the doc comments of a source. */
export function extract(path: string, text: string): Extract {
  const snippets: Snippet[] = []
  const problems: string[] = []
  const inComments = path.endsWith('.ts')
  const lines = text.split('\n').map((line) => (inComments ? line.replace(/^\s*\*( |$)/, '\0') : line))
  let open: { line: number; mark: string; fence: string; indent: number; code: string[] } | undefined
  lines.forEach((line, index) => {
    const fence = inComments ? /^\0(\s*)(```+)(.*)$/.exec(line) : /^(\s*)(```+)(.*)$/.exec(line)
    const [, space = '', ticks = '', info = ''] = fence ?? []
    if (open === undefined) {
      if (fence) open = { line: index + 2, mark: info.trim(), fence: ticks, indent: space.length, code: [] }
    } else if (fence && ticks.length >= open.fence.length && info.trim() === '') {
      close(open)
      open = undefined
    } else open.code.push(line.replace('\0', '').slice(open.indent))
  })
  return { snippets, problems }

  function close({ line, mark: info, code }: NonNullable<typeof open>): void {
    const [language, mark, ...rest] = info.split(/\s+/)
    if (language !== 'ts' && language !== 'typescript') return
    if (mark !== undefined && (!marks.includes(mark) || rest.length > 0)) {
      problems.push(`${path}:${line - 1}: "${info}" is not known; a fence may say ${marks.join(', ')}`)
      return
    }
    if (mark?.startsWith('no-') && !code[0]?.trim().startsWith('//')) {
      problems.push(
        `${path}:${line - 1}: ${mark} needs a comment on the first line of the snippet that tells the reader why`,
      )
    }
    snippets.push({ path, line, code: code.join('\n'), mark: mark as Mark | undefined }) // one of `marks`, as checked above
  }
}
