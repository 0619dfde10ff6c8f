import { startEmulator, type Emulator, type FailureName } from '@wayfare/emulator'
import type { Provider, ProviderMessage } from '@wayfare/core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openai } from '../../src/index.ts'
import { answering, broken, chunk, events, request, sse, textOf } from '../call.ts'

let emulator: Emulator
let provider: Provider
beforeAll(async () => {
  emulator = await startEmulator()
  provider = openai({ api: 'chat', baseURL: emulator.baseURL('openai'), apiKey: 'k' })
})
beforeEach(() => emulator.reset())
afterAll(async () => {
  await provider.close?.()
  await emulator.close()
})
const model = 'gpt-6-mini'
const tools = [{ name: 'weather', inputSchema: { type: 'object' } }]

test.each([7, 65_536])('an answer with everything, in writes of %i bytes', async (splitBytes) => {
  for (const lineEnd of ['\n', '\r\n'] as const) {
    emulator.enqueue('openai', {
      reasoning: 'Let me see.',
      text: 'Hé👋lo',
      toolCalls: [
        { name: 'weather', input: { city: 'Tromsø' }, id: 'a' },
        { name: 'weather', input: { city: 'Oslo' }, id: 'b' },
      ],
      usage: { input: 10, cacheRead: 20, cacheWrite: 30, output: 40, reasoning: 15 },
      deltaSize: 2,
      splitBytes,
      lineEnd,
    })
    const all = await events(provider, { model, tools })
    expect(textOf(all)).toBe('Hé👋lo')
    expect(all.filter((event) => event.type === 'part').map((event) => event.part)).toMatchObject([
      { type: 'reasoning', text: 'Let me see.' },
      { type: 'tool_call', id: 'a', name: 'weather', input: { city: 'Tromsø' } },
      { type: 'tool_call', id: 'b', name: 'weather', input: { city: 'Oslo' } },
    ])
    expect(all.findLast((event) => event.type === 'usage')?.usage).toEqual({
      input: 10,
      cacheRead: 20,
      cacheWrite: 30,
      cacheWrite1h: 0,
      output: 40,
      reasoning: 15,
      total: 100,
      serviceTier: 'default',
    })
    expect(all.at(-1)).toEqual({ type: 'finish', reason: 'tool_calls', rawReason: 'tool_calls' })
  }
})

test('a conversation with tools goes on, also one that began elsewhere', async () => {
  const history: ProviderMessage[] = [
    { role: 'system', content: [{ type: 'text', text: 'Be brief.' }] },
    ...request().messages,
    {
      role: 'assistant',
      content: [
        { type: 'reasoning', text: '', providerMetadata: { other: { signature: 's' } } },
        { type: 'tool_call', id: `toolu_${'x'.repeat(60)}`, name: 'weather', input: {}, rawInput: '' },
      ],
    },
    { role: 'tool', content: [{ type: 'tool_result', id: `toolu_${'x'.repeat(60)}`, name: 'weather', output: 'sun' }] },
  ]
  const all = await events(provider, {
    model,
    tools,
    messages: history,
    temperature: 0.5,
    maxOutputTokens: 50,
    reasoning: 'max',
  })
  expect(textOf(all)).toContain(model)
  expect(all[0]).toMatchObject({
    type: 'start',
    warnings: [{ code: 'reasoning_dropped' }, { code: 'reasoning_rounded' }, { code: 'sampling_dropped' }],
  })
})

test.each(['stop', 'length', 'content_filter', 'refusal'] as const)('the end by %s', async (finish) => {
  for (const stream of [true, false]) {
    emulator.enqueue('openai', { text: 'No.', finish })
    const all = await events(provider, { model, stream })
    expect(all.at(-1)).toMatchObject({ type: 'finish', reason: finish })
    expect(textOf(all)).toBe('No.')
  }
})

test('an answer without usage ends well', async () => {
  emulator.enqueue('openai', { text: 'x', usage: 'none' })
  const all = await events(provider, { model })
  expect(all.some((event) => event.type === 'usage')).toBe(false)
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
])('%s is %s', async (error, kind) => {
  emulator.enqueue('openai', { error })
  expect((await broken(provider, { model })).error).toMatchObject({ kind, provider: 'openai', model })
})

test('what the vendor refuses is a bad request that quotes nothing', async () => {
  const { error } = await broken(provider, { model, options: { nonsense: 1 } })
  expect(error).toMatchObject({
    kind: 'bad_request',
    details: { providerMessage: expect.stringContaining('nonsense') },
  })
  expect((error as Error).message).not.toContain('nonsense')
})

test.each<[Record<string, string>, number | undefined]>([
  [{ 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '6m1.5s' }, 361_500],
  [{ 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '20ms', 'x-ratelimit-reset-requests': '9s' }, 20],
  [{ 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '9s', 'retry-after': '2' }, 2000],
  [{ 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': 'soon' }, undefined],
])('the wait that %j asks for', async (headers, wait) => {
  emulator.enqueue('openai', { error: 'rate_limit', headers })
  expect((await broken(provider, { model })).error).toMatchObject({
    kind: 'rate_limit',
    ...(wait && { retryAfterMs: wait }),
  })
})

test.each(['reset', 'end', 'cut'] as const)('a stream that breaks by %s is never an answer', async (kind) => {
  for (const after of [0, 1, 2, 3]) {
    const toolCalls = [{ name: 'weather', input: { city: 'Oslo' } }]
    emulator.enqueue('openai', { text: 'one two', toolCalls, fault: { after, kind } })
    const { seen, error } = await broken(provider, { model, tools })
    expect(['stream_truncated', 'network']).toContain((error as { kind: string }).kind)
    expect(seen.some((event) => event.type === 'part' || event.type === 'finish')).toBe(false)
  }
})

test('random padding is ignored', async () => {
  const body = sse([chunk({ content: 'x' }, null, { obfuscation: 'abc' }), chunk({}, 'stop', { obfuscation: 'de' })])
  expect(textOf(await events(openai({ api: 'chat', apiKey: 'k', fetch: answering(body) })))).toBe('x')
})

test('models, health and traits', async () => {
  expect(await provider.models?.()).toContainEqual({ id: 'gpt-5.6', provider: 'openai' })
  await expect(provider.health?.()).resolves.toBeUndefined()
  expect(provider.traits?.(model).input).toContain('audio')
  expect('balance' in provider).toBe(false)
})
