import { describe, expect, test } from 'vitest'
import { BudgetError, CostTracker, LLMError, MemoryStore, PriceRegistry, createLLM } from '@wayfare/llm'
import type { LLMOptions, Provider } from '@wayfare/llm'

/** A provider that answers at once and reports 1,000 tokens in, 500 out. */
function stub(name = 'stub'): Provider {
  return {
    name,
    async *chat() {
      yield { type: 'text_delta', text: 'ok' }
      yield { type: 'usage', usage: { input: 1_000, output: 500 } }
      yield { type: 'finish', reason: 'stop' }
    },
  }
}

const prices = (): PriceRegistry =>
  new PriceRegistry({ entries: [{ provider: 'stub', id: 'small', rates: { input: 1, output: 2 } }] })

const options = (more: Partial<LLMOptions> = {}): LLMOptions => ({
  providers: [stub()],
  model: 'stub/small',
  prices: prices(),
  ...more,
})

describe('createLLM', () => {
  test('prices a call by the registry and books it in the tracker', async () => {
    const llm = createLLM(options())
    const response = await llm.complete({ session: 'shop:1', messages: 'hi' })
    expect(response.costUsd).toBe(0.002)
    expect(response.pricingSource).not.toBe('unknown')
    const stats = await llm.costs.session('shop:1')
    expect(stats).toMatchObject({ agent: 'shop', costUsd: 0.002, pendingUsd: 0, messages: 1, attempts: 1 })
  })

  test('a hard limit refuses before anything is sent', async () => {
    let sent = 0
    const counted: Provider = {
      name: 'stub',
      chat: (request) => {
        sent++
        return stub().chat(request)
      },
    }
    const llm = createLLM(options({ providers: [counted], limits: { global: { hard: 0.000001 } } }))
    const error: unknown = await llm
      .complete({ messages: 'hi', maxOutputTokens: 500 })
      .catch((thrown: unknown) => thrown)
    expect(BudgetError.is(error) && error.scope).toEqual({ kind: 'global' })
    expect(sent).toBe(0)
  })

  test('what with() returns keeps the tracker and the prices', async () => {
    const llm = createLLM(options())
    const batch = llm.with({ session: 'batch' })
    await batch.complete({ messages: 'hi' })
    expect(batch.costs).toBe(llm.costs)
    expect(batch.prices).toBe(llm.prices)
    expect((await llm.costs.session('batch')).messages).toBe(1)
  })

  test('several routers share one tracker', async () => {
    const costs = new CostTracker({ pricing: prices() })
    await createLLM(options({ costs })).complete({ session: 's', messages: 'hi' })
    await createLLM(options({ costs })).complete({ session: 's', messages: 'hi' })
    expect((await costs.session('s')).messages).toBe(2)
  })

  test('a shared tracker without prices keeps its limits by those of the router', async () => {
    const costs = new CostTracker({ limits: { global: { hard: 5 } } })
    const llm = createLLM(options({ costs }))
    expect((await llm.complete({ messages: 'hi' })).costUsd).toBe(0.002)
  })

  test('what a tracker is made with is passed on', async () => {
    const warnings: string[] = []
    const store = new MemoryStore()
    const counted: string[] = []
    const llm = createLLM(
      options({
        model: 'stub/mystery',
        limits: { session: { hard: 0 }, global: { hard: 1 } },
        allowUnpriced: true,
        timeZone: 'Europe/Berlin',
        store,
        onWarning: ({ code }) => warnings.push(code),
        countTokens: (model, text) => {
          counted.push(model)
          return text.length
        },
      }),
    )
    await llm.complete({ session: 's', messages: 'hi' })
    await llm.complete({ model: 'stub/small', messages: 'hi' })
    expect(warnings).toEqual(['limit_zero'])
    expect(store.figures({ kind: 'session', id: 's' })).toMatchObject({ unpriced: 1 })
    expect(counted).toContain('small')
  })

  test.each<[string, Partial<LLMOptions>, RegExp]>([
    ['both costs and limits', { costs: new CostTracker(), limits: { global: { hard: 1 } } }, /either costs or limits/],
    ['a negative limit', { limits: { session: { hard: -1 } } }, /limit|hard/],
    [
      'a limit that is no object',
      { limits: { session: 1e-6 } } as unknown as Partial<LLMOptions>,
      /limits\.session is/,
    ],
    [
      'a limit of a provider that is not registered',
      { limits: { providers: { stab: { hard: 1 } } } },
      /limits\.providers\["stab"\]: no provider "stab" is registered; registered: stub/,
    ],
    [
      'a limit of a model whose provider is not registered',
      { limits: { models: { 'stab/small': { hard: 1 } } } },
      /limits\.models\["stab\/small"\]: no provider "stab" is registered/,
    ],
    ['a limit of a bare model', { limits: { models: { small: { hard: 1 } } } }, /PROVIDER\/MODEL/],
    ['a time zone beside costs', { costs: new CostTracker(), timeZone: 'UTC' }, /either costs or timeZone/],
    ['a time zone that is none', { timeZone: 'Mars' }, /Mars/],
    ['costs that are no tracker', { costs: {} } as Partial<LLMOptions>, /costs is no CostTracker/],
    ['prices that are no registry', { prices: null } as unknown as Partial<LLMOptions>, /prices is no PriceRegistry/],
    ['an unknown provider', { model: 'stab/small' }, /no provider "stab" is registered \(did you mean "stub"\?\)/],
    ['a bare model id', { model: 'small' }, /not a model reference/],
    ['a rule that leads nowhere', { fallbacks: ['opena/x'] }, /no provider "opena"/],
    [
      'limits in the place of a budget',
      { budget: { hard: 1 } } as Partial<LLMOptions>,
      /no option "budget"; give limits/,
    ],
    ['prices as pricing', { pricing: {} } as Partial<LLMOptions>, /no option "pricing"; give prices/],
    ['one limit', { limit: { hard: 1 } } as Partial<LLMOptions>, /no option "limit"; give limits/],
    [
      'an unknown option',
      { temprature: 1 } as Partial<LLMOptions>,
      /unknown option "temprature"; did you mean "temperature"/,
    ],
  ])('refuses %s with a config error', (_, bad, message) => {
    let error: unknown
    try {
      createLLM(options(bad))
    } catch (thrown) {
      error = thrown
    }
    expect(LLMError.is(error) && error.kind).toBe('config')
    expect((error as Error).message).toMatch(message)
  })
})
