import { z } from 'zod'
import type { ContextTier, PartialRates, RateCard } from '../rates.ts'
import { perMillion, unlessZero } from './amount.ts'
import { catalogueOf, documentOf, readable, type PriceCatalogue, type Row, type SkippedRow } from './catalogue.ts'
import { isInclusive, vendorName } from './vendor-names.ts'

const document = z.record(z.string(), z.unknown())
const vendor = z.object({ models: z.record(z.string(), z.unknown()) })
const kind = 'the catalogue of models.dev'

const rates = {
  input: perMillion,
  output: perMillion,
  cache_read: perMillion,
  cache_write: perMillion,
  reasoning: perMillion,
  input_audio: perMillion,
  output_audio: perMillion,
}
const level = z.object(rates)
const model = z.object({
  cost: level
    .extend({
      context_over_200k: level.nullish(),
      tiers: z
        .array(level.extend({ tier: z.object({ type: z.literal('context'), size: z.number().min(1) }) }))
        .nullish(),
    })
    .nullish(),
})

/** Reads https://models.dev/api.json. Throws a `config` error when it is another document. */
export function fromModelsDev(json: unknown): PriceCatalogue {
  const vendors = readable(Object.entries(documentOf(document, json, kind)), vendor, kind)
  return catalogueOf(
    vendors.flatMap(([name, row]): (Row | SkippedRow)[] => {
      const provider = vendorName(name)
      if (row === undefined) return [{ provider, id: '*', reason: 'no models of a vendor' }]
      return Object.entries(row.models).map(([id, row]) => ({ provider, id, read: () => cardOf(provider, row) }))
    }),
  )
}

function cardOf(vendor: string, row: unknown): RateCard | undefined {
  const { cost } = model.parse(row)
  if (!cost) return undefined
  const { input, output } = cost
  if (input === undefined || output === undefined) return undefined
  const old = cost.context_over_200k
  const tiers =
    cost.tiers?.map(({ tier: { size }, ...own }) => tierOf(vendor, size, own)) ??
    (old ? [tierOf(vendor, 200_000, old)] : undefined)
  return { ...ratesOf(cost), input, output, tiers }
}

function tierOf(vendor: string, above: number, own: z.infer<typeof level>): ContextTier {
  return { above, inclusive: isInclusive(vendor, above), rates: ratesOf(own) }
}

function ratesOf(cost: z.infer<typeof level>): PartialRates {
  return {
    input: cost.input,
    output: cost.output,
    cacheRead: unlessZero(cost.cache_read),
    cacheWrite: unlessZero(cost.cache_write),
    reasoning: unlessZero(cost.reasoning),
    audioIn: unlessZero(cost.input_audio),
    audioOut: unlessZero(cost.output_audio),
  }
}
