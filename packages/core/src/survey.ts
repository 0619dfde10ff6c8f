import type { ModelInfo } from './contract/model.ts'
import type { Provider, ProviderCallOptions } from './contract/provider.ts'
import type { HealthResult, Models, ModelsQuery } from './contract/router.ts'
import type { Engine } from './engine.ts'
import { LLMError } from './error.ts'
import { providerNamed } from './reference.ts'

/** Asks every provider side by side; none hides another. */
export async function health(
  engine: Engine,
  options: ProviderCallOptions,
): Promise<{ readonly [provider: string]: HealthResult }> {
  const results = await Promise.all(
    [...engine.providers.values()].map(async (provider): Promise<[string, HealthResult]> => {
      const startedMs = engine.clock.now()
      try {
        if (provider.health === undefined) await provider.models?.(options)
        else await provider.health(options)
        return [provider.name, { ok: true, ms: engine.clock.now() - startedMs }]
      } catch (thrown) {
        return [provider.name, { ok: false, ms: engine.clock.now() - startedMs, error: asError(thrown, provider) }]
      }
    }),
  )
  return Object.fromEntries(results)
}

/** USD left per provider; undefined where a vendor does not tell. */
export async function balance(
  engine: Engine,
  options: ProviderCallOptions,
): Promise<{ readonly [provider: string]: number | undefined }> {
  const results = await Promise.all(
    [...engine.providers.values()].map(
      async (provider) => [provider.name, await balanceOf(provider, options)] as const,
    ),
  )
  return Object.fromEntries(results)
}

async function balanceOf(provider: Provider, options: ProviderCallOptions): Promise<number | undefined> {
  try {
    return await provider.balance?.(options)
  } catch {
    return undefined
  }
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
  const rate = (usage: { input?: number; output?: number }): number | undefined => {
    const { input = 0, output = 0 } = usage
    const price = engine.pricing!.price({
      provider: provider.name,
      vendor,
      model: model.id,
      usage: { input, cacheRead: 0, cacheWrite: 0, cacheWrite1h: 0, output, reasoning: 0, total: input + output },
    })
    return price.priced ? price.usd : undefined
  }
  // A thousand tokens stay below every tier of context length.
  const inputUsd = rate({ input: 1_000 })
  const outputUsd = rate({ output: 1_000 })
  if (inputUsd === undefined || outputUsd === undefined) return named
  return { ...named, inputPerMTok: inputUsd * 1_000, outputPerMTok: outputUsd * 1_000 }
}

function byPopularity(a: ModelInfo, b: ModelInfo): number {
  const weekly = (b.weeklyTokens ?? 0) - (a.weeklyTokens ?? 0)
  return weekly !== 0 ? weekly : a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}

function asError(thrown: unknown, provider: Provider): LLMError {
  if (LLMError.is(thrown)) return thrown
  return new LLMError('protocol', `the provider "${provider.name}" failed unexpectedly`, {
    provider: provider.name,
    cause: thrown,
  })
}
