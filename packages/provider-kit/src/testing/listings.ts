import { equal, ok, rejects } from 'node:assert/strict'
import { LLMError, type Provider } from '@wayfare/core'
import { hidesCanaries } from './canary.ts'
import { matches } from './matching.ts'
import type { Sample } from './samples.ts'
import type { Scenario } from './scenario.ts'
import type { Stage } from './stage.ts'

/** What a provider can do beside a chat. A sample says that it can. */
export const listings: readonly Scenario[] = [
  {
    name: 'models',
    title: 'models are listed with what is known of them',
    from: 'own',
    async run(stage, { sample }) {
      const { provider, result: models } = await asked(stage, sample, (one) => one.models?.())
      ok(models, 'there is a sample, but no models()')
      ok(models.length > 0, 'the list is empty')
      if (sample.expect?.models !== undefined) matches(models, sample.expect.models, 'the list')
      for (const model of models) equal(model.provider, provider.name)
    },
  },
  {
    name: 'health',
    title: 'health answers where the vendor does, and throws what a chat would throw',
    from: 'own',
    async run(stage, { sample }) {
      await asked(stage, sample, (provider) => {
        const answer = provider.health?.()
        ok(answer, 'there is a sample, but no health()')
        return answer
      })
      const { provider } = stage.set(stage.script({ status: 401, body: { error: { message: 'No.' } } }))
      await rejects(stage.patiently('health() never ended', provider.health?.() ?? Promise.resolve()), (error) => {
        ok(LLMError.is(error) && error.kind === 'auth', 'a refused key is no auth error')
        hidesCanaries(error, 'the error')
        return true
      })
    },
  },
  {
    name: 'balance',
    title: 'the balance is told in USD',
    from: 'own',
    async run(stage, { sample }) {
      const { result } = await asked(stage, sample, (provider) => provider.balance?.())
      equal(result, sample.expect?.balanceUsd)
      ok(result !== undefined, 'the sample must expect balanceUsd')
    },
  },
]

async function asked<T>(
  stage: Stage,
  sample: Sample,
  ask: (provider: Provider) => Promise<T> | undefined,
): Promise<{ readonly provider: Provider; readonly result: T | undefined }> {
  const { provider, line } = stage.set(stage.script(sample))
  const result = await stage.patiently('the answer never came', Promise.resolve(ask(provider)))
  ok(line.requests.every(({ method }) => method === 'GET'))
  return { provider, result }
}
