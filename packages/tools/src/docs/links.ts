import { dirname, join } from 'node:path/posix'

/** The relative links of a Markdown text that lead nowhere: to no file, or to no heading of one. */
export function deadLinks(path: string, text: string, read: (path: string) => string | undefined): readonly string[] {
  const prose = text.replace(/^```[\s\S]*?^```/gm, (fence) => fence.replace(/[^\n]/g, ''))
  return [...prose.matchAll(/\]\(([^()\s]+)\)/g)].flatMap(({ 1: link = '', index }) => {
    if (/^[a-z]+:/.test(link)) return []
    const [file = '', heading] = link.split('#')
    const target = file === '' ? path : join(dirname(path), file)
    const found = read(target)
    if (found !== undefined && (heading === undefined || headings(found).has(heading))) return []
    const line = prose.slice(0, index).split('\n').length
    return [`${path}:${line}: the link ${link} leads to no ${found === undefined ? 'file' : 'heading'}`]
  })
}

/** As GitHub names them. */
function headings(text: string): ReadonlySet<string> {
  const titles = text.replace(/^```[\s\S]*?^```/gm, '').matchAll(/^#+ (.+)$/gm)
  return new Set(
    Array.from(titles, ({ 1: title = '' }) =>
      title
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replaceAll(' ', '-'),
    ),
  )
}
