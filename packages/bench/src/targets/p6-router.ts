import type { Provider, ProviderEvent } from '@wayfare/core'
import { createLLM, type LLM } from '@wayfare/llm'
import { compare } from '../compare.ts'
import { model } from '../client.ts'
import { profile, shareText } from '../profile.ts'
import { providerRequest } from '../provider-request.ts'
import { serve } from '../target.ts'

const chunks = 5_600
const perRead = 56
const session = 'bench:1'

serve('P6', async (scale, say) => {
  say('calls and chunks')
  const short = stub(0)
  const long = stub(chunks)
  const shortLLM = routerOf(short)
  const longLLM = routerOf(long)
  const figures = await compare(
    {
      call: async () => (await shortLLM.complete({ messages: 'Hello', session }), 1),
      'call of the provider': async () => (await drained(short), 1),
      'call by hand': byHand(short, shortLLM),
      stream: async () => {
        let seen = 0
        for await (const event of longLLM.stream({ messages: 'Hello', session }))
          if (event.type === 'text_delta') seen++
        return seen
      },
      'stream of the provider': () => drained(long),
    },
    scale,
  )
  const shares = await profile(
    async () => (await shortLLM.complete({ messages: 'Hello', session }), 1),
    scale.quick ? 50 : 1_000,
  )
  const { call = NaN, stream = NaN } = figures
  const bareCall = figures['call of the provider'] ?? NaN
  const handCall = figures['call by hand'] ?? NaN
  const bareStream = figures['stream of the provider'] ?? NaN
  return {
    rows: [
      {
        title: 'a call of a provider that answers at once',
        unit: 'ns per call',
        figures: {
          ours: call - bareCall,
          'router and provider': call,
          'the provider alone': bareCall,
          'by hand': handCall - bareCall,
        },
        goals: [{ atMost: 10_000 }],
      },
      {
        title: `a stream of ${chunks} chunks, ${perRead} in each read`,
        unit: 'ns per chunk',
        figures: { ours: stream - bareStream, 'router and provider': stream, 'the provider alone': bareStream },
        goals: [{ atMost: 300 }],
      },
    ],
    notes: [
      `where a call spends it: ${shareText(shares)}`,
      'by hand: what a timer, the same limits and the same prices add to the provider where no router stands around them',
      'ours: what the router, prices and limits in four scopes add to the provider; the stream with its whole call',
    ],
  }
})

function routerOf(provider: Provider): LLM {
  const llm = createLLM({
    providers: [provider],
    model: { provider: 'openai', model },
    limits: {
      global: { hard: 1e6 },
      session: { hard: 1e6 },
      agent: { hard: 1e6 },
      providers: { openai: { hard: 1e6 } },
    },
    maxOutputTokens: 4_000,
  })
  llm.on('attempt', () => {})
  return llm
}

/** A provider that has its answer ready. */
function stub(length: number): Provider {
  const read = Array.from({ length: perRead }, (): ProviderEvent => ({ type: 'text_delta', text: ' word' }))
  const end: readonly ProviderEvent[] = [
    { type: 'text_delta', text: 'done' },
    { type: 'usage', usage: { input: 10, output: length + 1 } },
    { type: 'finish', reason: 'stop' },
  ]
  return {
    name: 'openai',
    async *chat() {
      yield [{ type: 'start', id: 'answer', model }]
      for (let sent = 0; sent < length; sent += perRead) yield read
      yield end
    },
  }
}

/** A call without a router: what it is charged is reserved, priced and settled, and a timer would end it. */
function byHand(provider: Provider, { costs, prices }: LLM): () => Promise<number> {
  const request = { ...providerRequest(model), maxOutputTokens: 4_000 }
  const { signal } = request
  const [input, output] = [10, 1]
  const usage = { input, cacheRead: 0, cacheWrite: 0, cacheWrite1h: 0, output, reasoning: 0, total: input + output }
  let calls = 0
  return async () => {
    const attemptId = `by-hand-${++calls}`
    const timer = setTimeout(() => {}, 300_000)
    const ask = { provider: provider.name, model, session, agent: 'bench', attemptId, request, signal, leaseMs: 60_000 }
    if (!(await costs.reserve(ask)).ok) throw new Error('the limits of the benchmark are reached')
    await costs.dispatch(attemptId)
    await drained(provider)
    clearTimeout(timer)
    const { usd, source } = prices.price({ provider: provider.name, model, usage })
    if (usd === undefined) throw new Error('the model of the benchmark has no price')
    await costs.settle(attemptId, {
      costUsd: usd,
      pricingSource: source,
      usage,
      usageSource: 'reported',
      message: true,
    })
    return 1
  }
}

async function drained(provider: Provider): Promise<number> {
  let seen = 0
  for await (const events of provider.chat(providerRequest(model))) seen += Array.isArray(events) ? events.length : 1
  return seen
}
