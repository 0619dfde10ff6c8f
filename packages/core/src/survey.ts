import type { ModelInfo } from './contract/model.ts'
import type { Provider, ProviderCallOptions } from './contract/provider.ts'
import type { HealthResult, Models, ModelsQuery } from './contract/router.ts'
import type { Engine } from './engine.ts'
import { LLMError } from './error.ts'
import { providerNamed } from './reference.ts'
import { noUsage } from './usage.ts'

/** Whether each provider answers, and how soon. */
export function health(
  engine: Engine,
  options: ProviderCallOptions,
): Promise<{ readonly [provider: string]: HealthResult }> {
  return askEach(engine, async (provider): Promise<HealthResult> => {
    const startedMs = engine.clock.now()
    try {
      if (provider.health === undefined) await provider.models?.(options)
      else await provider.health(options)
      return { ok: true, ms: engine.clock.now() - startedMs }
    } catch (thrown) {
      return { ok: false, ms: engine.clock.now() - startedMs, error: asError(thrown, provider) }
    }
  })
}

/** USD left per provider; undefined where a vendor does not tell. */
export function balance(
  engine: Engine,
  options: ProviderCallOptions,
): Promise<{ readonly [provider: string]: number | undefined }> {
  return askEach(engine, async (provider) => {
    try {
      return await provider.balance?.(options)
    } catch {
      return undefined
    }
  })
}

/** Side by side, so that none hides another. */
async function askEach<T>(
  engine: Engine,
  ask: (provider: Provider) => Promise<T>,
): Promise<{ readonly [provider: string]: T }> {
  const providers = [...engine.providers.values()]
  return Object.fromEntries(await Promise.all(providers.map(async (each) => [each.name, await ask(each)] as const)))
}

export function modelsOf(engine: Engine): Models {
  const list: Models['list'] = async (query = {}) => listModels(engine, query)
  return {
    list,
    names: async () => [...new Set((await list()).models.map((model) => `${model.provider}/${model.id}`))].toSorted(),
  }
}

async function listModels(engine: Engine, query: ModelsQuery): ReturnType<Models['list']> {
  const asked =
    query.provider === undefined ? [...engine.providers.values()] : [providerNamed(engine.providers, query.provider)]
  const models: ModelInfo[] = []
  const errors: LLMError[] = []
  await Promise.all(
    asked.map(async (provider) => {
      try {
        const found = (await provider.models?.({ signal: query.signal })) ?? []
        for (const model of found) models.push(priced(engine, provider, model))
      } catch (thrown) {
        errors.push(asError(thrown, provider))
      }
    }),
  )
  return { models: models.toSorted(byPopularity), errors }
}

/** The vendor's own price, or else the registry's. */
function priced(engine: Engine, provider: Provider, model: ModelInfo): ModelInfo {
  const named: ModelInfo = { ...model, provider: provider.name }
  if (model.inputPerMTok !== undefined || engine.pricing === undefined) return named
  const vendor = provider.vendor ?? provider.name
  const rate = (kind: 'input' | 'output'): number | undefined => {
    const usage = { ...noUsage, [kind]: 1_000, total: 1_000 }
    const price = engine.pricing!.price({ provider: provider.name, vendor, model: model.id, usage })
    return price.priced ? price.usd : undefined
  }
  // A thousand tokens stay below every tier of context length.
  const inputUsd = rate('input')
  const outputUsd = rate('output')
  if (inputUsd === undefined || outputUsd === undefined) return named
  return { ...named, inputPerMTok: inputUsd * 1_000, outputPerMTok: outputUsd * 1_000 }
}

function byPopularity(a: ModelInfo, b: ModelInfo): number {
  return (b.weeklyTokens ?? 0) - (a.weeklyTokens ?? 0) || (a.id < b.id ? -1 : Number(a.id > b.id))
}

function asError(thrown: unknown, provider: Provider): LLMError {
  if (LLMError.is(thrown)) return thrown
  return new LLMError('protocol', `the provider "${provider.name}" failed unexpectedly`, {
    provider: provider.name,
    cause: thrown,
  })
}
