import type { Snippet } from './snippets.ts'

/** A file made of a snippet, and of those that it continues. */
export interface Program {
  readonly name: string
  readonly text: string
  /** For each line of the file, the place in the documentation that it came from. */
  readonly origin: readonly string[]
  readonly snippet: Snippet
}

/** One program for each snippet that is to be compiled; `snippets` stand in the order of their files. */
export function programs(snippets: readonly Snippet[]): readonly Program[] {
  const trail: Snippet[] = []
  return snippets.flatMap((snippet, index) => {
    if (snippet.mark === 'no-check') return []
    if (snippet.mark !== 'continues' || trail.at(-1)?.path !== snippet.path) trail.length = 0
    trail.push(snippet)
    const lines = trail.flatMap(({ code, path, line }) =>
      code.split('\n').map((text, offset) => [text, `${path}:${line + offset}`] as const),
    )
    // Without an import or export a file would be a script, whose names collide with those of other files.
    const text = `${lines.map(([line]) => line).join('\n')}\nexport {}\n`
    return [{ name: `snippet-${index}.ts`, text, origin: lines.map(([, place]) => place), snippet }]
  })
}

/** A compiler's or runtime's message, with the places of the documentation instead of those of the programs. */
export function mapBack(output: string, all: readonly Program[]): string {
  return output.replace(
    /[^\s('"]*(snippet-\d+\.ts)(?:\((\d+),\d+\)|:(\d+)(?::\d+)?)?/g,
    (found, name: string, a, b) => {
      const program = all.find((candidate) => candidate.name === name)
      if (!program) return found
      return program.origin[Number(a ?? b ?? 1) - 1] ?? program.origin.at(-1) ?? found
    },
  )
}

/** The first snippet of each README: what a newcomer pastes. */
export function opening(all: readonly Program[]): readonly Program[] {
  const seen = new Set<string>()
  return all.filter(({ snippet }) => {
    const first = snippet.path.endsWith('.md') && !seen.has(snippet.path)
    seen.add(snippet.path)
    return first && snippet.mark !== 'no-run'
  })
}
