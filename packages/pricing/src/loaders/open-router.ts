import { z } from 'zod'
import type { ContextTier, PartialRates, RateCard, TimeWindow } from '../rates.ts'
import { each, perToken, unlessZero } from './amount.ts'
import { catalogueOf, documentOf, type PriceCatalogue } from './catalogue.ts'
import { gateway } from './vendor-names.ts'

const document = z.object({ data: z.array(z.unknown()) })
const row = z.object({ id: z.string().min(1), canonical_slug: z.string().min(1).nullish() })

const rates = z.object({
  prompt: perToken,
  completion: perToken,
  input_cache_read: perToken,
  input_cache_write: perToken,
  input_cache_write_1h: perToken,
  internal_reasoning: perToken,
  audio: perToken,
  audio_output: perToken,
  input_audio_cache: perToken,
  image_token: perToken,
})
const time = z
  .string()
  .regex(/^\d{2}:\d{2}(?::\d{2})?Z?$/, 'not a time of day')
  .transform((text) => text.slice(0, 5))
const conditions = { min_prompt_tokens: z.number().nullish(), utc_start: time.nullish(), utc_end: time.nullish() }
const model = z.object({
  pricing: rates.extend({ request: each, web_search: each, overrides: z.array(rates.extend(conditions)).nullish() }),
})

/**
 * Reads the models of a gateway, such as OpenRouter's list at `/models`. Those whose price is not fixed are left out.
 * Throws a `config` error when it is another document. `provider` is the vendor's name, if it is another.
 */
export function fromOpenRouter(
  json: unknown,
  { provider = gateway }: { provider?: string | undefined } = {},
): PriceCatalogue {
  const { data } = documentOf(document, json, 'a list of models with prices')
  return catalogueOf(
    data.flatMap((entry) => {
      const named = row.safeParse(entry).data
      if (named === undefined) return [{ provider, id: '?', read: () => cardOf(row.parse(entry)) }]
      const { id, canonical_slug: slug } = named
      const names = slug && slug !== id && !id.includes(':') ? { aliases: [slug] } : {}
      return [{ provider, id, names, read: () => cardOf(entry) }]
    }),
  )
}

function cardOf(entry: unknown): RateCard | undefined {
  const { pricing } = model.parse(entry)
  const { prompt: input, completion: output, request, web_search: webSearch, overrides } = pricing
  if (input === undefined || output === undefined) return undefined
  const all = (overrides ?? []).map((override) => ({ override, rates: ratesOf(override) }))
  const tiers = all.flatMap(({ override, rates: own }): ContextTier[] =>
    typeof override.min_prompt_tokens === 'number' && !isTimed(override)
      ? [{ above: override.min_prompt_tokens, inclusive: true, rates: own }]
      : [],
  )
  const windows = all.flatMap(
    ({ override: { utc_start: from, utc_end: to, min_prompt_tokens: least }, rates: own }): TimeWindow[] =>
      from && to && typeof least !== 'number' ? [{ hours: [[from, to]], rates: own }] : [],
  )
  if (tiers.length + windows.length < all.length) throw new Error('a condition of its price is not known here')
  return {
    ...ratesOf(pricing),
    input,
    output,
    tiers,
    windows,
    perRequest: { request: unlessZero(request), webSearch: unlessZero(webSearch) },
  }
}

function isTimed({
  utc_start: from,
  utc_end: to,
}: {
  utc_start?: string | null | undefined
  utc_end?: string | null | undefined
}): boolean {
  return typeof from === 'string' || typeof to === 'string'
}

function ratesOf(pricing: z.infer<typeof rates>): PartialRates {
  return {
    input: pricing.prompt,
    output: pricing.completion,
    cacheRead: unlessZero(pricing.input_cache_read),
    cacheWrite: unlessZero(pricing.input_cache_write),
    cacheWrite1h: unlessZero(pricing.input_cache_write_1h),
    reasoning: unlessZero(pricing.internal_reasoning),
    audioIn: unlessZero(pricing.audio),
    audioOut: unlessZero(pricing.audio_output),
    cacheReadAudio: unlessZero(pricing.input_audio_cache),
    imageIn: unlessZero(pricing.image_token),
  }
}
