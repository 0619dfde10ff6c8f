import type { ModelInfo } from '@wayfare/core'
import type { RateCard } from '../rates.ts'
import { catalogueOf, type PriceCatalogue } from './catalogue.ts'
import { unlessZero } from './amount.ts'

/** The prices that providers tell of their models: what `models()` of a router or a provider gives. */
export function fromModels(models: readonly ModelInfo[]): PriceCatalogue {
  return catalogueOf(models.map((model) => ({ provider: model.provider, id: model.id, read: () => cardOf(model) })))
}

function cardOf(model: ModelInfo): RateCard | undefined {
  const { inputPerMTok: input, outputPerMTok: output, cacheReadPerMTok, cacheWritePerMTok } = model
  if (input === undefined || output === undefined) return undefined
  return { input, output, cacheRead: unlessZero(cacheReadPerMTok), cacheWrite: unlessZero(cacheWritePerMTok) }
}
