import { lineAt, type Finding, type House } from './house.ts'

/** Rooms of the mechanism, in which no vendor is known. */
const rooms: ReadonlySet<string> = new Set(['core', 'cost', 'pricing', 'sse', 'provider-kit'])

/** Files of those rooms that hold data about vendors. */
const data: ReadonlySet<string> = new Set(['packages/pricing/src/snapshot.ts'])

const products: readonly string[] = ['claude', 'gemini', 'gpt', 'mistral', 'deepseek', 'groq', 'xai']

/** An example in an error message teaches; it decides nothing. */
const EXAMPLE: RegExp = /\b(?:such as|as in)\b/

/** A vendor is named in its own package only. Its package's name is its name; there is no list to keep. */
export function vendors({ packages, sources }: House): readonly Finding[] {
  const own = packages.filter((pkg) => pkg.manifest.wayfare?.provider === true).map((pkg) => pkg.folder)
  const pattern = new RegExp(`\\b(?:${[...own, ...products].join('|')})\\b`, 'gi')
  return sources
    .filter(({ pkg, part, path }) => part === 'src' && rooms.has(pkg.folder) && !data.has(path))
    .flatMap(({ path, text }) =>
      [...text.matchAll(pattern)].flatMap((match) => {
        const line = lineAt(text, match.index)
        if (EXAMPLE.test(text.split('\n')[line - 1] ?? '')) return []
        return [{ path, line, message: `"${match[0]}" is a vendor: ask for a capability, or move it to its package` }]
      }),
    )
}
