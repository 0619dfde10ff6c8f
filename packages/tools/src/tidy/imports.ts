/** One module that a source names. */
export interface Import {
  readonly from: string
  /** Gone after compilation: only types are taken. */
  readonly types: boolean
  readonly index: number
}

const STATEMENT: RegExp = /^[ \t]*(?:import|export)\b([^'"`;]*?)\bfrom\s*['"]([^'"\n]+)['"]/gm
const BARE: RegExp = /^[ \t]*import\s*['"]([^'"\n]+)['"]/gm
const DYNAMIC: RegExp = /\bimport\(\s*['"]([^'"\n]+)['"]/g
const TYPE_OF: RegExp = /(?:\btypeof\s+|[:<|&(]\s*)import\(\s*$/
const AUGMENTED: RegExp = /\bdeclare module ['"]([^'"\n]+)['"]/g

/** What a source without comments imports, re-exports, loads later or augments. */
export function readImports(bare: string): readonly Import[] {
  const all = (pattern: RegExp, read: (match: RegExpMatchArray) => Omit<Import, 'index'>): Import[] =>
    [...bare.matchAll(pattern)].map((match) => ({ ...read(match), index: match.index }))
  return [
    ...all(STATEMENT, ([, names = '', from = '']) => ({ from, types: onlyTypes(names) })),
    ...all(BARE, ([, from = '']) => ({ from, types: false })),
    ...all(DYNAMIC, (match) => ({
      from: match[1] ?? '',
      types: TYPE_OF.test(bare.slice(Math.max(0, (match.index ?? 0) - 12), (match.index ?? 0) + 7)),
    })),
    ...all(AUGMENTED, ([, from = '']) => ({ from, types: true })),
  ]
}

/** The name of the package in a specifier; undefined for a relative one. */
export function packageOf(specifier: string): string | undefined {
  if (/^[./]/.test(specifier)) return undefined
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

function onlyTypes(names: string): boolean {
  if (/^\s+type\b/.test(names)) return true
  const list = /^\s*\{([\s\S]*)\}\s*$/.exec(names)?.[1]
  if (list === undefined) return false
  return list
    .split(',')
    .filter((name) => name.trim() !== '')
    .every((name) => /^\s*type\s/.test(name))
}
