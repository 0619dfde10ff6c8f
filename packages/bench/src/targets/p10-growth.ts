import { CostTracker, createLLM } from '@wayfare/llm'
import type { Message, Provider, ProviderEvent } from '@wayfare/llm'
import { openaiCompatible } from '@wayfare/openai-compatible'
import { compare, type Work } from '../compare.ts'
import { model } from '../client.ts'
import { fixture, reads } from '../fixture.ts'
import { memoryFetch } from '../memory-fetch.ts'
import type { Row } from '../row.ts'
import { serve, type Scale } from '../target.ts'

serve('P10', async (scale, say) => {
  say('long streams')
  const streams = await streamRow(scale)
  say('many sessions')
  const sessions = await sessionRow(scale)
  say('long histories')
  const histories = await historyRow(scale)
  return { rows: [streams, sessions, histories] }
})

/** Longer streams cost each chunk no more. */
async function streamRow(scale: Scale): Promise<Row> {
  const many = scale.quick ? 20_000 : 100_000
  const work: Record<string, Work> = {}
  for (const [name, words] of [
    ['short', 2_000],
    ['ours', many],
  ] as const) {
    const answer = await fixture('openai', words)
    const fetch = memoryFetch(reads(answer, 16_384))
    const provider = openaiCompatible({ name: 'openai', baseURL: 'http://127.0.0.1:1/v1', apiKey: 'key', fetch })
    const llm = createLLM({ providers: [provider], model: { provider: 'openai', model } })
    work[name] = async () => {
      let chunks = 0
      for await (const event of llm.stream({ messages: 'Hello' })) if (event.type === 'text_delta') chunks++
      return chunks
    }
  }
  return {
    title: `a stream of ${many} chunks beside streams of 2,000 (short)`,
    unit: 'ns per chunk',
    figures: await compare(work, scale),
    goals: [{ to: 'short', atMost: 1.1 }],
  }
}

/** A million sessions cost each call little more. */
async function sessionRow(scale: Scale): Promise<Row> {
  const many = scale.quick ? 100_000 : 1_000_000
  const work: Record<string, Work> = {}
  for (const [name, known] of [
    ['few', 1_000],
    ['ours', many],
  ] as const) {
    const costs = new CostTracker({ limits: { session: { hard: 1e6 }, global: { hard: 1e6 } } })
    const llm = createLLM({
      providers: [answering()],
      model: { provider: 'openai', model },
      costs,
      maxOutputTokens: 100,
    })
    for (let i = 0; i < known; i++) await costs.record({ session: `bench:${i}`, costUsd: 0.001 })
    let next = 0
    work[name] = async () => {
      // Sessions in an order that no cache likes.
      next = (next + 7_919) % known
      await llm.complete({ messages: 'Hello', session: `bench:${next}` })
      return 1
    }
  }
  return {
    title: `a call with ${many} sessions known beside one with 1,000 (few)`,
    unit: 'ns per call',
    figures: await compare(work, scale),
    goals: [{ to: 'few', atMost: 2 }],
  }
}

/** The cost of a request grows with its history, not faster. */
async function historyRow(scale: Scale): Promise<Row> {
  const body = `data: {"id":"a","choices":[{"index":0,"delta":{"content":"ok"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n`
  const fetch = memoryFetch([Buffer.from(body)])
  const provider = openaiCompatible({ name: 'openai', baseURL: 'http://127.0.0.1:1/v1', apiKey: 'key', fetch })
  const llm = createLLM({ providers: [provider], model: { provider: 'openai', model } })
  const work: Record<string, Work> = {}
  for (const [name, length] of [
    ['1,000 messages', 1_000],
    ['ours', 10_000],
  ] as const) {
    const messages = history(length)
    work[name] = async () => (await llm.complete({ messages }), length)
  }
  return {
    title: 'a call with 10,000 messages of history beside one with 1,000',
    unit: 'ns per message',
    figures: await compare(work, scale),
    goals: [{ to: '1,000 messages', atMost: 1.5 }],
  }
}

function history(length: number): readonly Message[] {
  return Array.from({ length }, (_, i): Message => {
    const content = `Message ${i} says a few words, so that there is something to send.`
    return i % 2 === 0 ? { role: 'user', content } : { role: 'assistant', content }
  })
}

function answering(): Provider {
  const events: readonly ProviderEvent[] = [
    { type: 'text_delta', text: 'ok' },
    { type: 'usage', usage: { input: 10, output: 1 } },
    { type: 'finish', reason: 'stop' },
  ]
  return {
    name: 'openai',
    async *chat() {
      yield events
    },
  }
}
