import { z } from 'zod'
import type { PartialRates, PriceEntry, RateCard, RateChange, TimeWindow } from '../rates.ts'
import { catalogueOf, documentOf, readable, type PriceCatalogue, type Row, type SkippedRow } from './catalogue.ts'
import { vendorName } from './vendor-names.ts'

const document = z.array(z.unknown())
const vendor = z.object({ id: z.string().min(1), models: z.array(z.unknown()) })
const kind = 'the price list of genai-prices'
const amount = z.number().nonnegative()
const prices = z.record(
  z.string(),
  z.union([amount, z.object({ base: amount, tiers: z.array(z.object({ start: amount, price: amount })) })]),
)
const utc = z.string().regex(/^\d{2}:\d{2}(?::\d{2})?(?:Z|\+00:00)$/, 'not a time in UTC')
const condition = z.union([z.object({ start_date: z.iso.date() }), z.object({ start_time: utc, end_time: utc })])
const model = z.object({
  id: z.string().min(1),
  match: z.unknown(),
  prices: z.union([z.array(z.object({ constraint: condition.nullish(), prices })), prices]),
})
const identified = z.object({ id: z.string().min(1) })
const matched = z.object({ match: z.unknown() })

type Prices = z.infer<typeof prices>
type Rate = Prices[string] | undefined

/** Reads the `data.json` of genai-prices (version 2). Throws a `config` error when it is another document. */
export function fromGenaiPrices(json: unknown): PriceCatalogue {
  const rows = documentOf(document, json, kind)
  const named = rows.map((row) => [identified.safeParse(row).data?.id ?? '?', row] as const)
  return catalogueOf(
    readable(named, vendor, kind).flatMap(([name, found]): (Row | SkippedRow)[] => {
      const provider = vendorName(name)
      if (found === undefined) return [{ provider, id: '*', reason: 'no models of a vendor' }]
      return found.models.map((row) => {
        const { id = '?' } = identified.safeParse(row).data ?? {}
        return { provider, id, names: namesIn(row, id), read: () => entryOf(model.parse(row).prices) }
      })
    }),
  )
}

/** Names given in full, and how names begin. "Contains" is how wrong prices happen: nothing is taken from it. */
function namesIn(row: unknown, id: string): Pick<PriceEntry, 'aliases' | 'prefixes'> {
  const logic = matched.safeParse(row).data?.match
  const aliases: string[] = []
  const prefixes: string[] = []
  for (const one of alternatives(logic)) {
    if (one.equals !== undefined && one.equals !== id) aliases.push(one.equals)
    if (one.starts_with !== undefined) prefixes.push(one.starts_with)
  }
  return { aliases, prefixes }
}

const anyOf = z.object({ or: z.array(z.unknown()) })
const literal = z.object({ equals: z.string().min(1).optional(), starts_with: z.string().min(4).optional() })

function alternatives(logic: unknown): readonly z.infer<typeof literal>[] {
  const several = anyOf.safeParse(logic)
  if (several.success) return several.data.or.flatMap((one) => literal.safeParse(one).data ?? [])
  return [literal.safeParse(logic).data ?? {}]
}

function entryOf(given: z.infer<typeof model>['prices']): Pick<PriceEntry, 'rates' | 'changes'> | undefined {
  const all = Array.isArray(given) ? given : [{ prices: given }]
  const cards: { from: string | undefined; card: RateCard; windows: TimeWindow[] }[] = []
  for (const { constraint, prices: own } of all) {
    const card = cardOf(own)
    if (card === undefined) return undefined
    if (!constraint) cards.push({ from: undefined, card, windows: [] })
    else if ('start_date' in constraint) cards.push({ from: constraint.start_date, card, windows: [] })
    else {
      const { start_time: from, end_time: to } = constraint
      cards.at(-1)?.windows.push({ hours: [[from.slice(0, 5), to.slice(0, 5)]], rates: card })
    }
  }
  const [first, ...later] = cards
  if (first?.from !== undefined || first === undefined) throw new Error('no price without a condition')
  const changes = later.map(({ from, card, windows }): RateChange => {
    if (from === undefined) throw new Error('two prices without a condition')
    return { ...card, windows, from }
  })
  return { rates: { ...first.card, windows: first.windows }, changes }
}

/** Undefined for what is not sold by tokens in and out. */
function cardOf(own: Prices): RateCard | undefined {
  const { input, output, ...others } = ratesAt(own, 0)
  if (input === undefined || output === undefined) return undefined
  const starts = new Set(Object.values(own).flatMap((rate) => stepsOf(rate).map(({ start }) => start)))
  const tiers = [...starts].sort((a, b) => a - b).map((above) => ({ above, rates: ratesAt(own, above + 1) }))
  const request = fee(own['requests_kcount'])
  const webSearch = fee(own['web_searches_kcount'])
  return { input, output, ...others, tiers, perRequest: { request, webSearch } }
}

function ratesAt(own: Prices, tokens: number): PartialRates {
  const at = (name: string): number | undefined => {
    const rate = own[name]
    if (typeof rate !== 'object') return rate
    return rate.tiers.reduce((price, tier) => (tokens > tier.start ? tier.price : price), rate.base)
  }
  return {
    input: at('input_mtok'),
    output: at('output_mtok'),
    cacheRead: at('cache_read_mtok'),
    cacheWrite: at('cache_write_mtok'),
    cacheWrite1h: at('cache_write_1h_mtok'),
    reasoning: at('output_reasoning_mtok'),
    audioIn: at('input_audio_mtok'),
    audioOut: at('output_audio_mtok'),
    cacheReadAudio: at('cache_audio_read_mtok'),
    imageIn: at('input_image_mtok'),
    imageOut: at('output_image_mtok'),
  }
}

function stepsOf(rate: Rate): readonly { readonly start: number }[] {
  return typeof rate === 'object' ? rate.tiers : []
}

function fee(rate: Rate): number | undefined {
  return typeof rate === 'number' ? rate / 1_000 : undefined
}
