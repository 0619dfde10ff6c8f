import { lineAt, type Finding, type House } from './house.ts'

/** Rooms of the mechanism, in which no vendor is known. */
const rooms: ReadonlySet<string> = new Set(['core', 'cost', 'pricing', 'sse', 'provider-kit'])

/** Files of those rooms that hold data about vendors. */
const data: ReadonlySet<string> = new Set([
  'packages/pricing/src/snapshot.ts',
  'packages/pricing/src/clouds.ts',
  'packages/pricing/src/loaders/vendor-names.ts',
])

/** Names that mean nothing but a vendor or its product, wherever they stand. */
const plain: RegExp = /\b(?:anthropic|openai|openrouter|google|ollama|claude|gemini|gpt|mistral|deepseek|groq|xai)\b/gi

/** An example in an error message teaches; it decides nothing. */
const EXAMPLE: RegExp = /\b(?:such as|as in)\b/

/** A vendor is named in its own package only. A new provider's name is known by its folder, as text in quotes. */
export function vendors({ packages, sources }: House): readonly Finding[] {
  const own = packages.filter((pkg) => pkg.manifest.wayfare?.provider === true).map((pkg) => pkg.folder)
  const quoted = new RegExp(`(?<=['"\`])(?:${own.join('|')})(?=['"\`/])`, 'g')
  return sources
    .filter(({ pkg, part, path }) => part === 'src' && rooms.has(pkg.folder) && !data.has(path))
    .flatMap(({ path, text, bare }) => {
      const found = [...text.matchAll(plain), ...(own.length > 0 ? bare.matchAll(quoted) : [])]
      const places = new Map(found.map((match) => [match.index, match[0]]))
      return [...places].flatMap(([index, name]) => {
        const line = lineAt(text, index)
        if (EXAMPLE.test(text.split('\n')[line - 1] ?? '')) return []
        return [{ path, line, message: `"${name}" is a vendor: ask for a capability, or move it to its package` }]
      })
    })
}
