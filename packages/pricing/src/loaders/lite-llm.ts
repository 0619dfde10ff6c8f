import { z } from 'zod'
import type { ContextTier, PartialRates, RateCard } from '../rates.ts'
import { each, perToken, unlessZero } from './amount.ts'
import { catalogueOf, documentOf, readable, type PriceCatalogue, type Row, type SkippedRow } from './catalogue.ts'
import { isInclusive, vendorName } from './vendor-names.ts'

const document = z.record(z.string(), z.unknown())
const model = z.record(z.string(), z.unknown())
const kind = 'the price map of LiteLLM'

const head = z.object({
  litellm_provider: z.string().min(1).optional(),
  mode: z.string().optional(),
  search_context_cost_per_query: z.object({ search_context_size_medium: each }).nullish(),
})

/** Its names of our rates. What follows them tells the tier. */
const fields = {
  input: 'input_cost_per_token',
  output: 'output_cost_per_token',
  cacheRead: 'cache_read_input_token_cost',
  cacheWrite: 'cache_creation_input_token_cost',
  cacheWrite1h: 'cache_creation_input_token_cost_above_1hr',
  reasoning: 'output_cost_per_reasoning_token',
  audioIn: 'input_cost_per_audio_token',
  audioOut: 'output_cost_per_audio_token',
  cacheReadAudio: 'cache_read_input_audio_token_cost',
  imageIn: 'input_cost_per_image_token',
  imageOut: 'output_cost_per_image_token',
} as const

const serviceTiers = [
  ['priority', '_priority'],
  ['flex', '_flex'],
  ['batch', '_batches'],
] as const

type Wire = Readonly<Record<string, unknown>>

/** Reads the `model_prices_and_context_window.json` of LiteLLM. Throws a `config` error when it is another document. */
export function fromLiteLLM(json: unknown): PriceCatalogue {
  const models = readable(Object.entries(documentOf(document, json, kind)), model, kind)
  return catalogueOf(
    models.flatMap(([key, row]): (Row | SkippedRow)[] => {
      if (row === undefined) return [{ id: key, reason: 'no record of a model' }]
      const { litellm_provider: name } = head.safeParse(row).data ?? {}
      // Without a provider it is an explanation of the format, or a rule, not a model.
      if (name === undefined || key === 'sample_spec') return []
      const provider = vendorName(name)
      return [{ provider, id: idOf(key, provider), read: () => cardOf(provider, row) }]
    }),
  )
}

/** Keys may begin with a name of the provider. */
function idOf(key: string, provider: string): string {
  const slash = key.indexOf('/')
  return slash > 0 && vendorName(key.slice(0, slash)) === provider ? key.slice(slash + 1) : key
}

function cardOf(vendor: string, row: Wire): RateCard | undefined {
  const { mode = 'chat', search_context_cost_per_query: search } = head.parse(row)
  if (!['chat', 'completion', 'responses'].includes(mode)) return undefined
  const { input, output, ...others } = ratesOf(row, '')
  if (input === undefined || output === undefined) return undefined
  const webSearch = search?.search_context_size_medium
  return {
    input,
    output,
    ...others,
    tiers: tiersOf(vendor, row),
    serviceTiers: Object.fromEntries(
      serviceTiers
        .map(([name, suffix]) => [name, ratesOf(row, suffix)] as const)
        .filter(([, rates]) => !isEmpty(rates)),
    ),
    perRequest: webSearch === undefined ? undefined : { webSearch },
  }
}

/** Only plain thresholds: `..._above_200k_tokens_priority` is a price of another service. */
function tiersOf(vendor: string, row: Wire): ContextTier[] {
  const thousands = new Set(Object.keys(row).flatMap((key) => /_above_(\d{1,6})k_tokens$/.exec(key)?.[1] ?? []))
  return [...thousands]
    .map((figure) => ({ above: Number(figure) * 1_000, rates: ratesOf(row, `_above_${figure}k_tokens`) }))
    .filter(({ rates }) => !isEmpty(rates))
    .map((tier) => ({ ...tier, inclusive: isInclusive(vendor, tier.above) }))
    .sort((a, b) => a.above - b.above)
}

function ratesOf(row: Wire, suffix: string): PartialRates {
  const rates: { -readonly [K in keyof PartialRates]: PartialRates[K] } = {}
  for (const key of Object.keys(fields) as (keyof typeof fields)[]) {
    const field = fields[key] + suffix
    if (row[field] === undefined) continue
    const { success, data: rate, error } = perToken.safeParse(row[field])
    if (!success) throw new Error(`${field}: ${error.issues[0]?.message ?? 'not readable'}`)
    const known = key === 'input' || key === 'output' ? rate : unlessZero(rate)
    if (known !== undefined) rates[key] = known
  }
  return rates
}

function isEmpty(rates: PartialRates): boolean {
  return Object.keys(rates).length === 0
}
