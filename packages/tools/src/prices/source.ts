import { findProvider, type ConditionalPrice, type MatchLogic, type ModelPrice } from '@pydantic/genai-prices'
import type { PackedCard, PackedModel } from '../../../pricing/src/unpack.ts'

/**
 * Reads a vendor's models out of the price library: ids as it lists them, rates as we pack them. `names` makes a model's names
 * of its id; without it they are what its matcher names.
 */
export function readVendor(sourceId: string, names?: (id: string) => string): PackedModel[] {
  const provider = findProvider({ providerId: sourceId })
  if (provider === undefined) throw new Error(`the price library has no provider "${sourceId}"; look at its list`)
  return provider.models.flatMap((model) => {
    const cards = Array.isArray(model.prices) ? model.prices : [{ prices: model.prices }]
    const packed = packCards(cards)
    return packed === undefined ? [] : [[names?.(model.id) ?? namesOf(model.id, model.match), ...packed] as const]
  })
}

function packCards(conditional: readonly ConditionalPrice[]): [PackedCard, ...(string | PackedCard)[]] | undefined {
  // Hours carry neither weekdays nor a zone there: models with hours are in overrides.json.
  if (conditional.some(({ constraint }) => constraint?.type === 'time_of_date')) return undefined
  const [first, ...rest] = conditional.map(({ constraint, prices }) => ({
    from: constraint?.type === 'start_date' ? constraint.start_date : undefined,
    card: packCard(prices),
  }))
  if (first?.card === undefined || rest.some(({ from, card }) => card === undefined || from === undefined))
    return undefined
  return [first.card, ...rest.flatMap(({ from, card }) => [from ?? '', card ?? []])]
}

const audioKeys = ['input_audio_mtok', 'output_audio_mtok', 'cache_audio_read_mtok'] as const
const imageKeys = ['input_image_mtok', 'output_image_mtok'] as const
const rateKeys = ['input_mtok', 'output_mtok', 'cache_read_mtok', 'cache_write_mtok', 'cache_write_1h_mtok'] as const

/** Undefined for what is not sold by tokens in and out: audio by the hour, embeddings, pages, models without a price. */
function packCard(prices: ModelPrice): PackedCard | undefined {
  const base = rateKeys.map((key) => rateAt(prices[key], 0))
  if (base[0] === undefined || base[1] === undefined) return undefined
  const starts = new Set(rateKeys.flatMap((key) => tiersOf(prices[key]).map(({ start }) => start)))
  const t = [...starts]
    .sort((a, b) => a - b)
    .map((start) => [start, ...trim(rateKeys.map((key) => rateAt(prices[key], start + 1)))])
  const audio = trim(audioKeys.map((key) => rateAt(prices[key], 0)))
  const image = trim(imageKeys.map((key) => rateAt(prices[key], 0)))
  const reasoning = rateAt(prices['output_reasoning_mtok'], 0)
  const web = rateAt(prices['web_searches_kcount'], 0)
  const req = rateAt(prices['requests_kcount'], 0)
  const extras = {
    ...(t.length > 0 ? { t } : {}),
    ...(reasoning === undefined ? {} : { reasoning }),
    ...(audio.length > 0 ? { audio } : {}),
    ...(image.length > 0 ? { image } : {}),
    ...(web === undefined ? {} : { web }),
    ...(req === undefined ? {} : { req }),
  }
  return Object.keys(extras).length > 0 ? [...trim(base), extras] : trim(base)
}

type Rate = ModelPrice[string]

function tiersOf(rate: Rate): readonly { start: number; price: number }[] {
  return typeof rate === 'object' ? rate.tiers : []
}

function rateAt(rate: Rate, tokens: number): number | undefined {
  if (rate === undefined || typeof rate === 'number') return rate
  return rate.tiers.reduce((price, tier) => (tokens > tier.start ? tier.price : price), rate.base)
}

function trim(rates: readonly (number | undefined)[]): number[] {
  const last = rates.findLastIndex((rate) => rate !== undefined)
  return rates.slice(0, last + 1).map((rate) => rate ?? 0)
}

/** The id, what the matcher names in full, and (with a star) how it says that ids begin. A starred id is both. */
function namesOf(id: string, match: MatchLogic): string {
  const { equals, begins } = literals(match)
  const first = equals.includes(id) || begins.includes(id) || equals.length === 0 ? id : (equals[0] ?? id)
  const names = [begins.includes(first) ? `${first}*` : first, ...equals, ...begins.map((start) => `${start}*`)]
  return [
    ...new Set(names.filter((name) => name === names[0] || name !== first).map((name) => name.toLowerCase())),
  ].join(' ')
}

function literals(match: MatchLogic): { equals: string[]; begins: string[] } {
  const parts = 'or' in match ? match.or : 'and' in match ? match.and : undefined
  if (parts !== undefined) {
    const all = parts.map((part) => literals(part))
    return { equals: all.flatMap(({ equals }) => equals), begins: all.flatMap(({ begins }) => begins) }
  }
  if ('equals' in match) return { equals: [match.equals], begins: [] }
  if ('starts_with' in match) return { equals: [], begins: [match.starts_with] }
  // "Contains" is how wrong prices happen: only the id itself is taken from it.
  return { equals: [], begins: [] }
}
