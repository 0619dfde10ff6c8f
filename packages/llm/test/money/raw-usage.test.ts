import { anthropic } from '@wayfare/anthropic'
import { google } from '@wayfare/google'
import { createLLM, PriceRegistry, type Provider, type Usage } from '@wayfare/llm'
import { ollama } from '@wayfare/ollama'
import { openai } from '@wayfare/openai'
import { openaiCompatible } from '@wayfare/openai-compatible'
import { openrouter } from '@wayfare/openrouter'
import { afterEach, describe, expect, test } from 'vitest'

type Fetch = typeof globalThis.fetch
type Json = Readonly<Record<string, unknown>>

/** A vendor's JSON answer around a usage object. */
const wires = {
  chat: (model: string, usage: Json): Json => ({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    model,
    choices: [{ index: 0, message: { role: 'assistant', content: 'Hello.' }, finish_reason: 'stop' }],
    usage,
  }),
  responses: (model: string, usage: Json): Json => ({
    id: 'resp_1',
    object: 'response',
    status: 'completed',
    model,
    output: [
      {
        id: 'msg_1',
        type: 'message',
        role: 'assistant',
        status: 'completed',
        content: [{ type: 'output_text', text: 'Hello.', annotations: [] }],
      },
    ],
    usage,
  }),
  messages: (model: string, usage: Json): Json => ({
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model,
    content: [{ type: 'text', text: 'Hello.' }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage,
  }),
  gemini: (model: string, usage: Json): Json => ({
    candidates: [{ content: { role: 'model', parts: [{ text: 'Hello.' }] }, finishReason: 'STOP', index: 0 }],
    usageMetadata: usage,
    modelVersion: model,
    responseId: 'r1',
  }),
  ollama: (model: string, usage: Json): Json => ({
    model,
    created_at: '2026-11-01T00:00:00Z',
    message: { role: 'assistant', content: 'Hello.' },
    done: true,
    done_reason: 'stop',
    ...usage,
  }),
}

const vendors = {
  openai: (fetch: Fetch) => openai({ apiKey: 'k', fetch }),
  anthropic: (fetch: Fetch) => anthropic({ apiKey: 'k', fetch }),
  google: (fetch: Fetch) => google({ apiKey: 'k', fetch }),
  openrouter: (fetch: Fetch) => openrouter({ apiKey: 'k', fetch }),
  ollama: (fetch: Fetch) => ollama({ fetch }),
  ...Object.fromEntries(
    ['xai', 'openai-chat', 'deepseek', 'mistral', 'groq', 'moonshot', 'perplexity'].map((name) => [
      name,
      (fetch: Fetch) =>
        openaiCompatible({ name: name.replace('-chat', ''), apiKey: 'k', baseURL: 'https://vendor.example/v1', fetch }),
    ]),
  ),
} as Readonly<Record<string, (fetch: Fetch) => Provider>>

interface Case {
  readonly title: string
  readonly vendor: string
  readonly model: string
  readonly wire: keyof typeof wires
  readonly raw: Json
  readonly usage: Partial<Usage>
  readonly usd: number
  readonly source?: 'provider'
  /** Default: 2026-11-25, at an hour of low prices. */
  readonly at?: string
}

/** What vendors really send, what it means, and what it costs. */
const cases: readonly Case[] = [
  {
    title: 'cached and written tokens are inside the input, and reasoning inside the output',
    vendor: 'openai',
    model: 'gpt-5.6-sol',
    wire: 'responses',
    raw: {
      input_tokens: 10_000,
      input_tokens_details: { cached_tokens: 5_000, cache_write_tokens: 4_000 },
      output_tokens: 900,
      output_tokens_details: { reasoning_tokens: 640 },
      total_tokens: 10_900,
    },
    usage: { input: 1_000, cacheRead: 5_000, cacheWrite: 4_000, output: 900, reasoning: 640 },
    usd: (1_000 * 4 + 5_000 * 0.4 + 4_000 * 5 + 900 * 20) / 1e6,
  },
  {
    title: 'cached tokens are inside the prompt, and reasoning inside the completion',
    vendor: 'openai-chat',
    model: 'gpt-5',
    wire: 'chat',
    raw: {
      prompt_tokens: 10_000,
      completion_tokens: 900,
      total_tokens: 10_900,
      prompt_tokens_details: { cached_tokens: 8_000 },
      completion_tokens_details: { reasoning_tokens: 640 },
    },
    usage: { input: 2_000, cacheRead: 8_000, output: 900, reasoning: 640 },
    usd: (2_000 * 1.25 + 8_000 * 0.125 + 900 * 10) / 1e6,
  },
  {
    title: 'cache writes are inside the prompt too',
    vendor: 'openai-chat',
    model: 'gpt-5.6-sol',
    wire: 'chat',
    raw: {
      prompt_tokens: 4_020,
      completion_tokens: 5,
      total_tokens: 4_025,
      prompt_tokens_details: { cache_write_tokens: 4_012 },
    },
    usage: { input: 8, cacheWrite: 4_012, output: 5 },
    usd: 0.025265,
    at: '2026-08-01',
  },
  {
    title: 'reasoning is not billed again (0.7923, not 1.0371)',
    vendor: 'openai-chat',
    model: 'gpt-5.4-pro',
    wire: 'chat',
    raw: {
      prompt_tokens: 14_746,
      completion_tokens: 1_944,
      total_tokens: 16_690,
      completion_tokens_details: { reasoning_tokens: 1_360 },
    },
    usage: { input: 14_746, output: 1_944, reasoning: 1_360 },
    usd: 0.7923,
  },
  {
    title: 'audio that was read from a cache is not fresh audio',
    vendor: 'openai-chat',
    model: 'gpt-realtime',
    wire: 'chat',
    raw: {
      prompt_tokens: 1_000,
      completion_tokens: 0,
      total_tokens: 1_000,
      prompt_tokens_details: { audio_tokens: 600, cached_tokens: 500, cached_tokens_details: { audio_tokens: 400 } },
    },
    usage: { input: 500, cacheRead: 500, audioIn: 200, cacheReadAudio: 400 },
    usd: (300 * 4 + 200 * 32 + 500 * 0.4) / 1e6,
  },
  {
    title: 'a write is billed once, beside the input',
    vendor: 'anthropic',
    model: 'claude-3-7-sonnet-20250219',
    wire: 'messages',
    raw: { input_tokens: 3, cache_creation_input_tokens: 12_304, cache_read_input_tokens: 0, output_tokens: 550 },
    usage: { input: 3, cacheWrite: 12_304, output: 550 },
    usd: 0.054399,
  },
  {
    title: 'a large write is not input too (1.06376125, not 1.85984625)',
    vendor: 'anthropic',
    model: 'claude-opus-4-7',
    wire: 'messages',
    raw: { input_tokens: 6, cache_creation_input_tokens: 159_217, cache_read_input_tokens: 0, output_tokens: 2_745 },
    usage: { input: 6, cacheWrite: 159_217, output: 2_745 },
    usd: 1.06376125,
  },
  {
    title: 'writes for an hour are part of the writes, and dearer',
    vendor: 'anthropic',
    model: 'claude-haiku-4-5',
    wire: 'messages',
    raw: {
      input_tokens: 10,
      cache_creation_input_tokens: 3_000,
      cache_creation: { ephemeral_5m_input_tokens: 1_000, ephemeral_1h_input_tokens: 2_000 },
      cache_read_input_tokens: 500,
      output_tokens: 20,
    },
    usage: { input: 10, cacheRead: 500, cacheWrite: 1_000, cacheWrite1h: 2_000, output: 20 },
    usd: (10 * 1 + 500 * 0.1 + 1_000 * 1.25 + 2_000 * 2 + 20 * 5) / 1e6,
  },
  {
    title: 'a long prompt and ten searches',
    vendor: 'anthropic',
    model: 'claude-sonnet-4-5',
    wire: 'messages',
    raw: { input_tokens: 401_468, output_tokens: 792, server_tool_use: { web_search_requests: 10 } },
    usage: { input: 401_468, output: 792, webSearches: 10 },
    usd: 2.526628,
  },
  {
    title: 'the passes of a compaction, not the context that is left',
    vendor: 'anthropic',
    model: 'claude-sonnet-4-6',
    wire: 'messages',
    raw: {
      input_tokens: 180,
      output_tokens: 8,
      iterations: [
        { type: 'compaction', input_tokens: 100, cache_creation_input_tokens: 55_096, output_tokens: 82 },
        { type: 'message', input_tokens: 180, output_tokens: 8 },
      ],
    },
    usage: { input: 280, cacheWrite: 55_096, output: 90 },
    usd: 0.2088,
  },
  {
    title: 'the tier and the region that served',
    vendor: 'anthropic',
    model: 'claude-opus-4-7',
    wire: 'messages',
    raw: { input_tokens: 1_000, output_tokens: 100, service_tier: 'batch', inference_geo: 'us' },
    usage: { input: 1_000, output: 100, serviceTier: 'batch', geo: 'us' },
    usd: ((1_000 * 5 + 100 * 25) * 0.5 * 1.1) / 1e6,
  },
  {
    title: 'a long prompt at the long rates, its cached part and its output included (0.10316125)',
    vendor: 'google',
    model: 'gemini-2.5-pro',
    wire: 'gemini',
    raw: {
      promptTokenCount: 262_960,
      cachedContentTokenCount: 257_955,
      candidatesTokenCount: 1_744,
      totalTokenCount: 264_704,
    },
    usage: { input: 5_005, cacheRead: 257_955, output: 1_744 },
    usd: 0.10316125,
  },
  {
    title: 'cached tokens are billed once (0.0055649, not 0.0137)',
    vendor: 'google',
    model: 'gemini-3-flash-preview',
    wire: 'gemini',
    raw: {
      promptTokenCount: 20_212,
      cachedContentTokenCount: 16_298,
      candidatesTokenCount: 931,
      totalTokenCount: 21_143,
    },
    usage: { input: 3_914, cacheRead: 16_298, output: 931 },
    usd: 0.0055649,
  },
  {
    title: 'thoughts are output beside the candidates, and tool use is input beside the prompt',
    vendor: 'google',
    model: 'gemini-2.5-flash',
    wire: 'gemini',
    raw: {
      promptTokenCount: 100,
      toolUsePromptTokenCount: 50,
      candidatesTokenCount: 20,
      thoughtsTokenCount: 300,
      totalTokenCount: 470,
    },
    usage: { input: 150, output: 320, reasoning: 300 },
    usd: (150 * 0.3 + 320 * 2.5) / 1e6,
  },
  {
    title: 'audio, fresh and cached',
    vendor: 'google',
    model: 'gemini-2.5-flash',
    wire: 'gemini',
    raw: {
      promptTokenCount: 1_000,
      cachedContentTokenCount: 400,
      candidatesTokenCount: 10,
      totalTokenCount: 1_010,
      promptTokensDetails: [
        { modality: 'TEXT', tokenCount: 300 },
        { modality: 'AUDIO', tokenCount: 700 },
      ],
      cacheTokensDetails: [{ modality: 'AUDIO', tokenCount: 400 }],
    },
    usage: { input: 600, cacheRead: 400, audioIn: 300, cacheReadAudio: 400, output: 10 },
    usd: (300 * 0.3 + 300 * 1 + 400 * 0.1 + 10 * 2.5) / 1e6,
  },
  {
    title: 'reasoning beside the completion, as the total tells',
    vendor: 'xai',
    model: 'grok-4',
    wire: 'chat',
    raw: {
      prompt_tokens: 100,
      completion_tokens: 10,
      total_tokens: 410,
      completion_tokens_details: { reasoning_tokens: 300 },
    },
    usage: { input: 100, output: 310, reasoning: 300 },
    usd: (100 * 3 + 310 * 15) / 1e6,
  },
  {
    title: 'hits and misses make up the prompt',
    vendor: 'deepseek',
    model: 'deepseek-flash',
    wire: 'chat',
    raw: {
      prompt_tokens: 1_000,
      prompt_cache_hit_tokens: 900,
      prompt_cache_miss_tokens: 100,
      completion_tokens: 10,
      total_tokens: 1_010,
    },
    usage: { input: 100, cacheRead: 900, output: 10 },
    usd: (100 * 0.15 + 900 * 0.003 + 10 * 0.6) / 1e6,
  },
  {
    title: 'the same at the peak of a working day in Beijing',
    vendor: 'deepseek',
    model: 'deepseek-flash',
    wire: 'chat',
    raw: {
      prompt_tokens: 1_000,
      prompt_cache_hit_tokens: 900,
      prompt_cache_miss_tokens: 100,
      completion_tokens: 10,
      total_tokens: 1_010,
    },
    usage: { input: 100, cacheRead: 900, output: 10 },
    usd: (100 * 0.3 + 900 * 0.006 + 10 * 1.2) / 1e6,
    at: '2026-11-25T01:00:00Z',
  },
  {
    title: 'cached tokens by their own name',
    vendor: 'mistral',
    model: 'mistral-large-latest',
    wire: 'chat',
    raw: { prompt_tokens: 1_000, num_cached_tokens: 600, completion_tokens: 10, total_tokens: 1_010 },
    usage: { input: 400, cacheRead: 600, output: 10 },
    usd: (400 * 0.5 + 600 * 0.05 + 10 * 1.5) / 1e6,
  },
  {
    title: 'a fee for the request',
    vendor: 'perplexity',
    model: 'sonar-pro',
    wire: 'chat',
    raw: { prompt_tokens: 100, completion_tokens: 100, total_tokens: 200 },
    usage: { input: 100, output: 100 },
    usd: 0.0158,
  },
  {
    title: 'what the vendor charged goes before any list',
    vendor: 'openrouter',
    model: 'anthropic/claude-haiku-4.5',
    wire: 'chat',
    raw: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15, cost: 0.000042 },
    usage: { input: 10, output: 5 },
    usd: 0.000042,
    source: 'provider',
  },
  {
    title: 'with a key of one’s own, what the host charges',
    vendor: 'openrouter',
    model: 'anthropic/claude-haiku-4.5',
    wire: 'chat',
    raw: {
      prompt_tokens: 10,
      completion_tokens: 5,
      total_tokens: 15,
      cost: 0,
      is_byok: true,
      cost_details: { upstream_inference_cost: 0.0360795 },
    },
    usage: { input: 10, output: 5 },
    usd: 0.0360795,
    source: 'provider',
  },
  {
    title: 'without one, what the host charges is inside the cost',
    vendor: 'openrouter',
    model: 'anthropic/claude-haiku-4.5',
    wire: 'chat',
    raw: {
      prompt_tokens: 10,
      completion_tokens: 5,
      total_tokens: 15,
      cost: 0.01,
      is_byok: false,
      cost_details: { upstream_inference_cost: 0.01 },
    },
    usage: { input: 10, output: 5 },
    usd: 0.01,
    source: 'provider',
  },
  {
    title: 'a cost of zero is an answer',
    vendor: 'openrouter',
    model: 'some/model',
    wire: 'chat',
    raw: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15, cost: 0 },
    usage: { input: 10, output: 5 },
    usd: 0,
    source: 'provider',
  },
  {
    title: 'models on this machine cost nothing, and that is known',
    vendor: 'ollama',
    model: 'qwen3:8b',
    wire: 'ollama',
    raw: { prompt_eval_count: 26, eval_count: 7 },
    usage: { input: 26, output: 7 },
    usd: 0,
  },
]

const open = new Set<{ close(): Promise<void> }>()
afterEach(async () => {
  for (const llm of open) await llm.close()
  open.clear()
})

async function bill(vendor: string, model: string, body: Json, at: string) {
  const fetch: Fetch = async () => Response.json(body)
  const provider = vendors[vendor]?.(fetch)
  if (provider === undefined) throw new Error(`no vendor ${vendor}`)
  const date = new Date(at)
  const clock = { ...systemTime, date: () => date }
  const llm = createLLM({ providers: [provider], model: { provider: provider.name, model }, clock })
  open.add(llm)
  const anomalies: string[] = []
  llm.on('usage_anomaly', ({ problem }) => anomalies.push(problem))
  const response = await llm.complete({ messages: 'Hello?', stream: false })
  return { response, anomalies }
}

/** The system's time without its date: nothing here waits. */
const systemTime = {
  now: () => 0,
  sleep: async () => {},
  timer: () => ({ clear: () => {} }),
}

describe.each(cases)(
  '$vendor: $title',
  ({ vendor, model, wire, raw, usage, usd, source, at = '2026-11-25T12:00:00Z' }) => {
    test('raw usage, usage, USD', async () => {
      const { response, anomalies } = await bill(vendor, model, wires[wire](model, raw), at)
      expect(response.usage).toMatchObject(usage)
      expect(response.costUsd).toBe(Math.ceil(Number((usd * 1e9).toPrecision(12))) / 1e9)
      expect(response.usageSource).toBe('reported')
      expect(anomalies).toEqual([])
      if (source === undefined) {
        const price = new PriceRegistry().price({
          provider: vendor.replace('-chat', ''),
          model,
          usage: response.usage,
          at: Date.parse(at),
        })
        expect(price).toMatchObject({ priced: true, pico: Math.round(usd * 1e12) })
      } else expect(response.attempts[0]?.pricingSource).toBe(source)
    })
  },
)

describe('a reported cost that cannot be right', () => {
  const answer = (cost: number) =>
    wires.chat('openai/gpt-5', { prompt_tokens: 1_000, completion_tokens: 0, total_tokens: 1_000, cost })

  test.each([-1, -1e-9])('%d is ignored, and told', async (cost) => {
    const { response, anomalies } = await bill('openrouter', 'openai/gpt-5', answer(cost), '2026-11-25')
    expect(response.costUsd).toBeUndefined()
    expect(anomalies).toEqual([expect.stringContaining('not an amount of money')])
  })
})
