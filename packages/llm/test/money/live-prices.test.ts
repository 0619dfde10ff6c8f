import { BudgetError, createLLM, PriceRegistry } from '@wayfare/llm'
import { openrouter } from '@wayfare/openrouter'
import { fromModels, fromOpenRouter } from '@wayfare/pricing/loaders'
import { expect, test } from 'vitest'

const model = 'some-lab/new-model'
const catalogue = {
  data: [
    { id: model, name: 'New', pricing: { prompt: '0.000002', completion: '0.000008', input_cache_read: '0.0000002' } },
    { id: 'auto', name: 'Auto', pricing: { prompt: '-1', completion: '-1' } },
  ],
}

/** A gateway that lists its models, and answers a call at a cost (or without telling it). */
function gateway(cost?: number) {
  const answer = {
    id: 'gen-1',
    object: 'chat.completion',
    model,
    choices: [{ index: 0, message: { role: 'assistant', content: 'Hello.' }, finish_reason: 'stop' }],
    usage: {
      prompt_tokens: 1_000,
      completion_tokens: 100,
      total_tokens: 1_100,
      prompt_tokens_details: { cached_tokens: 600 },
      ...(cost !== undefined && { cost }),
    },
  }
  return openrouter({
    apiKey: 'k',
    fetch: async (input) => Response.json(new Request(input).url.endsWith('/models') ? catalogue : answer),
  })
}

async function billed(prices: PriceRegistry, cost?: number) {
  const llm = createLLM({
    providers: [gateway(cost)],
    model: { provider: 'openrouter', model },
    prices,
    limits: { global: { hard: 1 } },
  })
  const anomalies: string[] = []
  llm.on('usage_anomaly', ({ problem }) => anomalies.push(problem))
  try {
    const { costUsd, attempts } = await llm.complete({ messages: 'Hello?', maxOutputTokens: 200, stream: false })
    return { costUsd, source: attempts[0]?.pricingSource, anomalies }
  } finally {
    await llm.close()
  }
}

const listUsd = (400 * 2 + 600 * 0.2 + 100 * 8) / 1e6

test('a model that only a gateway knows is refused under a hard limit, until its catalogue is taken in', async () => {
  const prices = new PriceRegistry()
  await expect(billed(prices)).rejects.toThrow(BudgetError)
  const { entries, skipped } = fromModels(await gateway().models!())
  prices.setLive('gateway', entries)
  expect(await billed(prices)).toEqual({ costUsd: listUsd, source: 'live', anomalies: [] })
  expect(skipped).toEqual([])
})

test('the catalogue of the gateway itself says the same, and what it does not price is told', async () => {
  const prices = new PriceRegistry()
  const { entries, skipped } = fromOpenRouter(catalogue)
  prices.setLive('gateway', entries)
  expect(await billed(prices)).toMatchObject({ costUsd: listUsd, source: 'live' })
  expect(skipped).toMatchObject([{ id: 'auto' }])
})

test.each([
  ['what the gateway charged goes before its list', listUsd * 1.05, []],
  ['a charge of ten times the list is counted, and told', listUsd * 10, ['ten times the listed price']],
])('%s', async (_, cost, problems) => {
  const prices = new PriceRegistry()
  prices.setLive('gateway', fromOpenRouter(catalogue).entries)
  const { costUsd, source, anomalies } = await billed(prices, cost)
  expect({ costUsd, source }).toEqual({ costUsd: Math.ceil(cost * 1e9 - 1e-3) / 1e9, source: 'provider' })
  expect(anomalies).toEqual(problems.map((problem) => expect.stringContaining(problem)))
})

test('a charge below zero is not money: the list counts, and the oddity is told', async () => {
  const prices = new PriceRegistry()
  prices.setLive('gateway', fromOpenRouter(catalogue).entries)
  const { costUsd, source, anomalies } = await billed(prices, -1)
  expect({ costUsd, source }).toEqual({ costUsd: listUsd, source: 'live' })
  expect(anomalies).toEqual([expect.stringContaining('not an amount of money')])
})
