import { startEmulator, type Emulator, type FailureName } from '@wayfare/emulator'
import type { AssistantPart, Provider, ProviderEvent } from '@wayfare/core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openrouter } from '../src/index.ts'
import { answering, broken, chunk, events, request, sse, textOf } from './call.ts'

let emulator: Emulator
let provider: Provider
beforeAll(async () => {
  emulator = await startEmulator()
  provider = openrouter({
    baseURL: emulator.baseURL('openrouter'),
    apiKey: 'k',
    app: { name: 'Test', url: 'https://test.invalid' },
  })
})
beforeEach(() => emulator.reset())
afterAll(async () => {
  await provider.close?.()
  await emulator.close()
})
const model = 'anthropic/claude-sonnet-5'
const tools = [{ name: 'weather', inputSchema: { type: 'object' } }]
const raw = (body: string, options?: Parameters<typeof answering>[1]): Provider =>
  openrouter({ apiKey: 'k', fetch: answering(body, options) })
const parts = (all: readonly ProviderEvent[]): AssistantPart[] =>
  all.flatMap((event) => (event.type === 'part' ? [event.part] : []))

test.each([7, 65_536])('an answer with everything, in writes of %i bytes', async (splitBytes) => {
  for (const lineEnd of ['\n', '\r\n'] as const) {
    emulator.enqueue('openrouter', {
      reasoning: 'Let me see.',
      text: 'Hé👋lo',
      toolCalls: [{ name: 'weather', input: { city: 'Tromsø' }, id: 'a' }],
      usage: { input: 10, cacheRead: 20, cacheWrite: 30, output: 40, reasoning: 15 },
      costUsd: 0.0123,
      deltaSize: 2,
      splitBytes,
      lineEnd,
    })
    const all = await events(provider, { model, tools })
    expect(all[0]).toMatchObject({
      type: 'start',
      model,
      upstream: 'Emulator',
      requestId: expect.stringMatching(/^gen-/),
    })
    expect(textOf(all)).toBe('Hé👋lo')
    expect(parts(all)).toMatchObject([
      { type: 'reasoning', text: 'Let me see.', providerMetadata: { openrouter: { kept: [{ text: 'Let me see.' }] } } },
      { type: 'tool_call', id: 'a', name: 'weather', input: { city: 'Tromsø' } },
    ])
    expect(all.findLast((event) => event.type === 'usage')).toMatchObject({
      usage: { input: 10, cacheRead: 20, cacheWrite: 30, output: 40, reasoning: 15, total: 100 },
      reportedUsd: 0.0123,
    })
    expect(all.at(-1)).toMatchObject({ type: 'finish', reason: 'tool_calls' })
  }
})

test('reasoning with its signature goes back, and the server knows its own', async () => {
  for (const stream of [true, false]) {
    emulator.enqueue('openrouter', { reasoning: 'Let me see.', text: 'Yes.' })
    const all = await events(provider, { model, stream })
    const content: AssistantPart[] = [...parts(all), { type: 'text', text: textOf(all) }]
    const { messages } = request()
    const next = await events(provider, { model, messages: [...messages, { role: 'assistant', content }, ...messages] })
    expect(next.at(-1)).toMatchObject({ type: 'finish' })
    expect(emulator.requests.at(-1)?.body).toMatchObject({
      messages: [
        {},
        { reasoning_details: [{ type: 'reasoning.text', text: 'Let me see.', signature: expect.any(String) }] },
        {},
      ],
    })
  }
})

test('what the application is called is sent', async () => {
  await events(provider, { model })
  expect(emulator.requests.at(-1)?.headers).toMatchObject({ 'x-title': 'Test', 'http-referer': 'https://test.invalid' })
})

test.each<[object, object]>([
  [{ reasoning: 'high' }, { reasoning: { effort: 'high' } }],
  [{ reasoning: 'none' }, { reasoning: { effort: 'none' } }],
  [{ reasoning: 'max' }, { reasoning: { effort: 'xhigh' } }],
  [{ reasoning: { maxTokens: 2000 } }, { reasoning: { max_tokens: 2000 } }],
  [{ maxOutputTokens: 9 }, { max_tokens: 9 }],
  [{ options: { provider: { order: ['x'] }, models: ['a/b'] } }, { provider: { order: ['x'] }, models: ['a/b'] }],
])('%j is sent as %j', async (more, expected) => {
  await events(provider, { model, ...more })
  expect(emulator.requests.at(-1)?.body).toMatchObject(expected)
})

test('an ephemeral cache mark is sent on the part', async () => {
  const text = { type: 'text', text: 'Long.', cache: { ttl: '1h' } } as const
  await events(provider, { model, messages: [{ role: 'user', content: [text] }] })
  const content = [{ type: 'text', text: 'Long.', cache_control: { type: 'ephemeral', ttl: '1h' } }]
  expect(emulator.requests.at(-1)?.body).toMatchObject({ messages: [{ content }] })
})

test.each<[FailureName, string]>([
  ['rate_limit', 'rate_limit'],
  ['overloaded', 'overloaded'],
  ['server', 'server'],
  ['auth', 'auth'],
  ['billing', 'billing'],
  ['permission', 'permission'],
  ['not_found', 'model_not_found'],
  ['bad_request', 'bad_request'],
  ['context_length', 'context_length'],
  ['content_filter', 'content_filter'],
  ['too_large', 'request_too_large'],
])('%s, before the stream and inside it, is %s', async (error, kind) => {
  emulator.enqueue('openrouter', { error })
  const first = await broken(provider, { model })
  expect(first.error).toMatchObject({ kind, provider: 'openrouter', model, requestId: expect.stringMatching(/^gen-/) })
  emulator.enqueue('openrouter', { text: 'one two three', fault: { after: 1, kind: 'error', error } })
  const second = await broken(provider, { model })
  expect(second.error).toMatchObject({ kind })
  expect(textOf(second.seen)).not.toBe('')
})

test('the flagged input is in no message', async () => {
  emulator.enqueue('openrouter', { error: 'content_filter' })
  expect(String((await broken(provider, { model })).error)).not.toContain('flagged part')
})

describe('errors', () => {
  const answer = (status: number, error: object, type = 'application/json'): Provider =>
    raw(JSON.stringify({ error: { code: status, message: 'x', ...error } }), { status, type })

  test.each<[string, number, object, object]>([
    [
      'a budget for calls under way, without a wait',
      402,
      { metadata: { limit_source: 'openrouter_in_flight_budget' } },
      { kind: 'billing' },
    ],
    ['a workspace budget', 403, { metadata: { limit_source: 'openrouter_workspace_budget' } }, { kind: 'billing' }],
    ['a key limit', 403, { metadata: { limit_source: 'key_limit' } }, { kind: 'billing' }],
    [
      'a host that is away for good',
      503,
      { availability: { code: 'no_endpoints', retryable: false } },
      { kind: 'overloaded', retryable: false },
    ],
    [
      'a host that comes back',
      503,
      { availability: { retryable: true, retry_after: 3 } },
      { retryable: true, retryAfterMs: 3000 },
    ],
    ['a region', 403, { availability: { code: 'region_restricted' } }, { kind: 'region_blocked' }],
    [
      "the host's own words",
      400,
      { metadata: { raw: 'upstream says' } },
      { details: { providerMessage: 'upstream says' } },
    ],
    ['an error in a successful body', 200, { code: 502 }, { kind: 'server', billed: 'no' }],
  ])('%s', async (_, status, error, expected) => {
    expect((await broken(answer(status, error))).error).toMatchObject(expected)
  })

  test('money set aside for calls under way comes back: wait', async () => {
    const body = { error: { code: 402, message: 'x', metadata: { limit_source: 'openrouter_in_flight_budget' } } }
    emulator.enqueue('openrouter', { status: 402, error: { body }, retryAfter: '2' })
    expect((await broken(provider, { model })).error).toMatchObject({
      kind: 'rate_limit',
      retryable: true,
      retryAfterMs: 2000,
    })
  })
})

test.each<[string, object, number | undefined]>([
  ['a cost', { cost: 0.5 }, 0.5],
  ['nothing to pay', { cost: 0 }, 0],
  ['a key of your own', { cost: 0, is_byok: true, cost_details: { upstream_inference_cost: 0.0360795 } }, 0.0360795],
  ['no key of your own', { cost: 0.5, is_byok: false, cost_details: { upstream_inference_cost: 0.4 } }, 0.5],
  ['no figure', { cost: null }, undefined],
  ['less than nothing, which the router tells', { cost: -1 }, NaN],
  ['no number', { cost: '0.5' }, NaN],
  ['no number of the host', { cost: 0, is_byok: true, cost_details: { upstream_inference_cost: -1 } }, NaN],
])('%s', async (_, more, usd) => {
  const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2, ...more }
  const all = await events(raw(sse([chunk({}, 'stop', { usage })])))
  expect(all.find((event) => event.type === 'usage')).toMatchObject({ usage: { total: 2 } })
  expect(all.flatMap((event) => (event.type === 'usage' ? [event.reportedUsd] : []))).toEqual([usd])
})

test('reasoning details of all kinds are merged as they were cut', async () => {
  const details = [
    { type: 'reasoning.summary', summary: 'A ', index: 0 },
    { type: 'reasoning.summary', summary: 'sum', index: 0 },
    { type: 'reasoning.text', text: 'Hé', index: 1 },
    { type: 'reasoning.text', text: '👋', index: 1 },
    { type: 'reasoning.text', text: '', signature: 'sig', index: 1 },
    { type: 'reasoning.encrypted', data: 'abc', id: 'r1', index: 2 },
    { type: 'reasoning.encrypted', data: 'abc', id: 'r1', index: 2 },
  ]
  const all = await events(raw(sse([...details.map((one) => chunk({ reasoning_details: [one] })), chunk({}, 'stop')])))
  expect(parts(all)).toMatchObject([
    {
      providerMetadata: {
        openrouter: {
          kept: [
            { type: 'reasoning.summary', summary: 'A sum', index: 0 },
            { type: 'reasoning.text', text: 'Hé👋', signature: 'sig', index: 1 },
            { type: 'reasoning.encrypted', data: 'abc', id: 'r1', index: 2 },
          ],
        },
      },
    },
  ])
})

test('encrypted reasoning without a text is kept, too, and so is an empty list', async () => {
  const encrypted = { type: 'reasoning.encrypted', data: 'abc' }
  for (const kept of [[encrypted], []]) {
    const all = await events(raw(sse([chunk({ reasoning_details: kept }), chunk({ content: 'x' }), chunk({}, 'stop')])))
    expect(parts(all)).toMatchObject([{ type: 'reasoning', text: '', providerMetadata: { openrouter: { kept } } }])
  }
})

test.each(['reset', 'end', 'cut'] as const)('a stream that breaks by %s is never an answer', async (kind) => {
  for (const after of [0, 1, 2]) {
    emulator.enqueue('openrouter', { text: 'one two three', fault: { after, kind } })
    const { seen, error } = await broken(provider, { model })
    expect(['stream_truncated', 'network']).toContain((error as { kind: string }).kind)
    expect(seen.some((event) => event.type === 'finish')).toBe(false)
  }
})

test('prices are per million tokens, free is 0, and what is not fixed is absent', async () => {
  const models = await provider.models?.()
  const byId = Object.fromEntries((models ?? []).map((one) => [one.id, one]))
  expect(byId['anthropic/claude-sonnet-5']).toEqual({
    id: 'anthropic/claude-sonnet-5',
    provider: 'openrouter',
    name: 'Anthropic: Claude Sonnet 5',
    contextTokens: 1_000_000,
    maxOutputTokens: 128_000,
    inputPerMTok: 3,
    outputPerMTok: 15,
    cacheReadPerMTok: 0.3,
    cacheWritePerMTok: 3.75,
    supportsTools: true,
    input: ['text', 'image'],
  })
  expect(byId['meta-llama/llama-4-maverick:free']).toMatchObject({ inputPerMTok: 0, outputPerMTok: 0 })
  expect(byId['openrouter/auto']).not.toHaveProperty('inputPerMTok')
})

describe('balance', () => {
  const account = (key: object, credits: object | number): Provider =>
    openrouter({
      apiKey: 'k',
      fetch: async (address) => {
        const wanted = address instanceof URL && address.pathname.endsWith('/key') ? key : credits
        return typeof wanted === 'number' ? new Response('{}', { status: wanted }) : Response.json({ data: wanted })
      },
    })

  test.each<[string, object, object | number, number]>([
    ['the lesser of key and account', { limit_remaining: 7.5 }, { total_credits: 100, total_usage: 25.75 }, 7.5],
    ['the account', { limit_remaining: null }, { total_credits: 10, total_usage: 4 }, 6],
    ['the key, where the account may not be seen', { limit_remaining: 3 }, 403, 3],
    ['unlimited', { limit_remaining: null }, 401, Infinity],
  ])('%s', async (_, key, credits, usd) => {
    expect(await account(key, credits).balance?.()).toBe(usd)
  })

  test('over HTTP', async () => {
    expect(await provider.balance?.()).toBe(7.5)
  })
})

test('health asks for the key, and traits promise nothing that depends on the host', async () => {
  await expect(provider.health?.()).resolves.toBeUndefined()
  expect(emulator.requests.at(-1)?.path).toMatch(/\/key$/)
  expect(provider.traits?.(model)).toEqual({})
  expect(provider.traits?.('meta-llama/llama-4-maverick:free')).toEqual({ free: true })
})
