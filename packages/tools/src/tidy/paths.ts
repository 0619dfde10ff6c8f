import { lineAt, type Finding, type House } from './house.ts'

const CODE: RegExp = /`([^`\n]+)`/g
const PATH: RegExp = /^[\w.@-]+(?:\/[\w.@{},-]+)+\/?$/

/** Every path that the guides name in backticks exists; a package's folder may stand for its path (`core/src`). */
export function namedPaths({ documents, packages, entries, exists }: House): readonly Finding[] {
  const folders = new Set(packages.map((pkg) => pkg.folder))
  const places = new Set(entries)
  return ['ARCHITECTURE.md', 'CONTRIBUTING.md'].flatMap((path) => {
    const text = documents.get(path) ?? ''
    return [...text.matchAll(CODE)].flatMap((match) => {
      const named = match[1] ?? ''
      if (!PATH.test(named)) return []
      const [first = '', second] = named.split('/')
      const full = places.has(first)
        ? named
        : folders.has(first) && (second === 'src' || second === 'test')
          ? `packages/${named}`
          : ''
      if (full === '') return []
      return expand(full)
        .filter((file) => !exists(file))
        .map((file) => ({
          path,
          line: lineAt(text, match.index),
          message: `${file} does not exist: name the file that took its place`,
        }))
    })
  })
}

/** `a/{b,c}` names both. */
function expand(path: string): readonly string[] {
  const braces = /\{([^{}]*)\}/.exec(path)
  if (!braces) return [path]
  return (braces[1] ?? '').split(',').flatMap((item) => expand(path.replace(braces[0], item)))
}
