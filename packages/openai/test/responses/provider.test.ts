import { startEmulator, type Answer, type Emulator, type FailureName } from '@wayfare/emulator'
import type { AssistantPart, Provider, ProviderEvent, ProviderMessage, ProviderRequest } from '@wayfare/core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openai } from '../../src/index.ts'
import { broken, events, request, textOf } from '../call.ts'

let emulator: Emulator
let provider: Provider
beforeAll(async () => {
  emulator = await startEmulator()
  provider = openai({ baseURL: emulator.baseURL('openai'), apiKey: 'k' })
})
beforeEach(() => emulator.reset())
afterAll(async () => {
  await provider.close?.()
  await emulator.close()
})
const model = 'gpt-6-mini'
const tools = [{ name: 'weather', inputSchema: { type: 'object' } }]

function partsOf(all: readonly ProviderEvent[]): AssistantPart[] {
  return all.flatMap((event) => (event.type === 'part' ? [event.part] : []))
}

/** The input items that the emulator received last. */
function lastInput(): unknown[] {
  const body = emulator.requests.at(-1)?.body as { input?: unknown[] } | undefined
  return body?.input ?? []
}

const everything: Answer = {
  reasoning: 'Let me see.',
  text: 'Hé👋lo',
  toolCalls: [
    { name: 'weather', input: { city: 'Tromsø' }, id: 'a' },
    { name: 'weather', input: { city: 'Oslo' }, id: 'b' },
  ],
  usage: { input: 10, cacheRead: 20, cacheWrite: 30, output: 40, reasoning: 15 },
  deltaSize: 2,
}

describe('an answer with everything', () => {
  test.each([7, 65_536])('in writes of %i bytes', async (splitBytes) => {
    for (const lineEnd of ['\n', '\r\n'] as const) {
      emulator.enqueue('openai', { ...everything, splitBytes, lineEnd })
      const all = await events(provider, { model, tools })
      expect(all[0]).toMatchObject({
        type: 'start',
        id: expect.stringMatching(/^resp_/),
        model,
        requestId: expect.stringMatching(/^req_/),
      })
      expect(textOf(all)).toBe('Hé👋lo')
      expect(partsOf(all)).toMatchObject([
        { type: 'reasoning', text: 'Let me see.' },
        { type: 'text', text: 'Hé👋lo' },
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
      expect(all.at(-1)).toEqual({ type: 'finish', reason: 'tool_calls', rawReason: 'completed' })
    }
  })

  test('says the same as one body', async () => {
    emulator.enqueue('openai', everything, everything)
    const streamed = await events(provider, { model, tools })
    const whole = await events(provider, { model, tools, stream: false })
    expect(emulator.requests.map((one) => one.stream)).toEqual([true, false])
    const known = (all: readonly ProviderEvent[]): unknown =>
      JSON.parse(
        JSON.stringify(all.filter((event) => !event.type.endsWith('_delta') && event.type !== 'start'))
          .replaceAll(/emu\d+/g, 'emu')
          .replaceAll(/gAAAAA[^"]*/g, 'encrypted'),
      )
    expect(known(whole)).toEqual(known(streamed))
  })

  test('goes back as it came', async () => {
    emulator.enqueue('openai', everything)
    const answered: ProviderMessage = { role: 'assistant', content: partsOf(await events(provider, { model, tools })) }
    // A history survives JSON.
    const content = (JSON.parse(JSON.stringify(answered)) as { content: AssistantPart[] }).content
    const messages: ProviderMessage[] = [
      ...request().messages,
      { role: 'assistant', content },
      {
        role: 'tool',
        content: [
          { type: 'tool_result', id: 'a', name: 'weather', output: 'sun' },
          { type: 'tool_result', id: 'b', name: 'weather', output: [{ type: 'text', text: 'rain' }] },
        ],
      },
    ]
    const all = await events(provider, { model, tools, messages })
    expect(all[0]).not.toHaveProperty('warnings')
    const [, reasoning, message, a, b, ...results] = lastInput()
    const stem = /emu\d+/.exec(JSON.stringify(reasoning))?.[0]
    expect(reasoning).toEqual({
      id: `rs_${stem}`,
      type: 'reasoning',
      summary: [{ type: 'summary_text', text: 'Let me see.' }],
      encrypted_content: expect.stringMatching(/^gAAAAA/),
    })
    expect(message).toEqual({
      id: `msg_${stem}r`,
      type: 'message',
      role: 'assistant',
      status: 'completed',
      content: [{ type: 'output_text', text: 'Hé👋lo', annotations: [] }],
    })
    expect([a, b]).toEqual(
      ['Tromsø', 'Oslo'].map((city, at) => ({
        id: `fc_${stem}r_${at}`,
        type: 'function_call',
        status: 'completed',
        call_id: at === 0 ? 'a' : 'b',
        name: 'weather',
        arguments: JSON.stringify({ city }),
      })),
    )
    expect(results).toEqual([
      { type: 'function_call_output', call_id: 'a', output: 'sun' },
      { type: 'function_call_output', call_id: 'b', output: [{ type: 'input_text', text: 'rain' }] },
    ])
  })
})

test('a thought without a summary is kept, because its encrypted form goes back', async () => {
  emulator.enqueue('openai', { reasoning: '', text: 'Yes.' })
  const content = partsOf(await events(provider, { model }))
  expect(content).toMatchObject([{ type: 'reasoning', text: '' }, { type: 'text' }])
  await events(provider, { model, messages: [{ role: 'assistant', content }, ...request().messages] })
  expect(lastInput()[0]).toMatchObject({ type: 'reasoning', summary: [], encrypted_content: expect.any(String) })
})

test('a refusal goes back as a refusal', async () => {
  emulator.enqueue('openai', { text: 'No.', finish: 'refusal' })
  const content = partsOf(await events(provider, { model }))
  await events(provider, { model, messages: [{ role: 'assistant', content }, ...request().messages] })
  expect(lastInput()[0]).toMatchObject({ role: 'assistant', content: [{ type: 'refusal', refusal: 'No.' }] })
})

test('a thought that was cut short before anything came of it is left out', async () => {
  emulator.enqueue('openai', { reasoning: 'Long', text: '', finish: 'length' })
  const content = partsOf(await events(provider, { model }))
  expect(content).toMatchObject([{ type: 'reasoning' }])
  const all = await events(provider, { model, messages: [{ role: 'assistant', content }, ...request().messages] })
  expect(all[0]).toMatchObject({ warnings: [{ code: 'reasoning_dropped' }] })
  expect(lastInput()).toHaveLength(1)
})

test('a thought without its encrypted form is left out, and what came of it goes back without ids', async () => {
  emulator.enqueue('openai', { ...everything, toolCalls: [] })
  const content = partsOf(await events(provider, { model })).map((part): AssistantPart =>
    part.type === 'reasoning' ? { ...part, providerMetadata: { openai: { item: { id: 'rs_lost' } } } } : part,
  )
  const messages: ProviderMessage[] = [{ role: 'assistant', content }, ...request().messages]
  const all = await events(provider, { model, messages })
  expect(all[0]).toMatchObject({ warnings: [{ code: 'reasoning_dropped' }] })
  expect(lastInput()).toMatchObject([{ type: 'message', role: 'assistant' }, { role: 'user' }])
  expect(lastInput()[0]).not.toHaveProperty('id')
})

test('a conversation with tools goes on that began elsewhere, chat completions included', async () => {
  const id = `toolu_${'x'.repeat(80)}`
  const messages: ProviderMessage[] = [
    { role: 'system', content: [{ type: 'text', text: 'Be brief.' }] },
    ...request().messages,
    {
      role: 'assistant',
      content: [
        { type: 'reasoning', text: 'hm', providerMetadata: { openai: { field: 'reasoning_content' } } },
        { type: 'reasoning', text: '', providerMetadata: { other: { signature: 's' } } },
        { type: 'provider', vendor: 'other', kind: 'search', value: {} },
        { type: 'text', text: '' },
        { type: 'text', text: 'I look.' },
        { type: 'file', mediaType: 'image/png', data: 'AAAA' },
        { type: 'tool_call', id, name: 'weather', input: {}, rawInput: '{"city', invalid: true },
      ],
    },
    { role: 'tool', content: [{ type: 'tool_result', id, name: 'weather', output: 'sun' }] },
  ]
  const all = await events(provider, { model, tools, messages })
  expect(all[0]).toMatchObject({
    warnings: [
      { code: 'reasoning_dropped' },
      { code: 'block_dropped' },
      { code: 'reasoning_dropped' },
      { code: 'file_dropped' },
    ],
  })
  const call_id = (lastInput().at(-1) as { call_id: string }).call_id
  expect(call_id.length).toBeLessThanOrEqual(64)
  expect(lastInput()).toEqual([
    { type: 'message', role: 'developer', content: [{ type: 'input_text', text: 'Be brief.' }] },
    { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Hi' }] },
    {
      type: 'message',
      role: 'assistant',
      content: [{ type: 'output_text', text: 'I look.', annotations: [] }],
    },
    { type: 'function_call', call_id, name: 'weather', arguments: '{}' },
    { type: 'function_call_output', call_id, output: 'sun' },
  ])
})

test.each([
  ['stop', 'stop', 'completed'],
  ['length', 'length', 'max_output_tokens'],
  ['content_filter', 'content_filter', 'content_filter'],
  ['refusal', 'refusal', 'completed'],
] as const)('the end by %s', async (finish, reason, rawReason) => {
  for (const stream of [true, false]) {
    emulator.enqueue('openai', { text: 'No.', finish })
    const all = await events(provider, { model, stream })
    expect(all.at(-1)).toEqual({ type: 'finish', reason, rawReason })
    expect(partsOf(all).map((part) => 'text' in part && part.text)).toEqual(['No.'])
  }
})

test('a tool call that a limit cut short is left out', async () => {
  for (const stream of [true, false]) {
    const toolCalls = [
      { name: 'weather', input: {} },
      { name: 'weather', rawInput: '{"city":"Os' },
    ]
    emulator.enqueue('openai', { toolCalls, finish: 'length' })
    const all = await events(provider, { model, tools, stream })
    expect(partsOf(all)).toMatchObject([{ type: 'tool_call', input: {} }])
    expect(all.at(-1)).toMatchObject({ reason: 'length', warnings: [{ code: 'tool_call_cut' }] })
  }
})

test('arguments that are no JSON make a call invalid', async () => {
  emulator.enqueue('openai', { toolCalls: [{ name: 'weather', rawInput: 'Oslo' }] })
  expect(partsOf(await events(provider, { model, tools }))).toMatchObject([
    { invalid: true, input: {}, rawInput: 'Oslo' },
  ])
})

test('an answer without usage ends well', async () => {
  emulator.enqueue('openai', { text: 'x', usage: 'none' })
  const all = await events(provider, { model })
  expect(all.some((event) => event.type === 'usage')).toBe(false)
})

test('the tier that served is told, not the one that was asked for', async () => {
  emulator.enqueue('openai', { text: 'x' })
  const all = await events(provider, { model, options: { service_tier: 'flex' } })
  expect(all.find((event) => event.type === 'usage')?.usage).toMatchObject({ serviceTier: 'flex' })
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
])('%s is %s', async (error, kind) => {
  emulator.enqueue('openai', { error })
  expect((await broken(provider, { model })).error).toMatchObject({
    kind,
    provider: 'openai',
    model,
    requestId: expect.stringMatching(/^req_/),
  })
})

test.each(['rate_limit', 'overloaded', 'server', 'context_length', 'billing'] as const)(
  '%s inside a stream is the same, after what came before it',
  async (error) => {
    emulator.enqueue('openai', { text: 'one two', fault: { after: 1, kind: 'error', error } })
    const { seen, error: thrown } = await broken(provider, { model })
    expect(textOf(seen)).toBe('one ')
    expect(thrown).toMatchObject({ kind: error, billed: 'unknown' })
    expect(thrown).not.toHaveProperty('status')
  },
)

test.each(['reset', 'end', 'cut'] as const)('a stream that breaks by %s is never an answer', async (kind) => {
  for (const after of [0, 1, 2, 3, 99]) {
    const toolCalls = [{ name: 'weather', input: { city: 'Oslo' } }]
    emulator.enqueue('openai', { text: 'one two', toolCalls, fault: { after, kind } })
    const { seen, error } = await broken(provider, { model, tools })
    expect(['stream_truncated', 'network']).toContain((error as { kind: string }).kind)
    expect(seen.some((event) => event.type === 'finish')).toBe(false)
    expect(partsOf(seen).some((part) => part.type === 'tool_call')).toBe(false)
  }
})

test.each(['malformed', 'html', 'empty'] as const)('%s is protocol', async (kind) => {
  for (const after of [0, 2]) {
    emulator.enqueue('openai', { text: 'one two three', fault: { after, kind } })
    const { error } = await broken(provider, { model })
    expect((error as { kind: string }).kind).toMatch(kind === 'html' && after > 0 ? 'stream_truncated' : 'protocol')
  }
})

test('what the vendor refuses is a bad request that quotes nothing', async () => {
  const { error } = await broken(provider, { model, options: { nonsense: 1 } })
  expect(error).toMatchObject({
    kind: 'bad_request',
    details: { providerMessage: expect.stringContaining('nonsense') },
  })
  expect((error as Error).message).not.toContain('nonsense')
})

test('models, health and traits', async () => {
  expect(await provider.models?.()).toContainEqual({ id: 'gpt-5.6', provider: 'openai' })
  await expect(provider.health?.()).resolves.toBeUndefined()
  expect(provider.traits?.(model)).toEqual({ stopsOnAbort: true, tools: true, input: ['image', 'pdf', 'url'] })
  expect('balance' in provider).toBe(false)
})

test('a missing key is named with its remedy, at the first request', async () => {
  const { error } = await broken(openai({ apiKey: () => '', baseURL: emulator.baseURL('openai') }), { model })
  expect(error).toMatchObject({ kind: 'config', message: 'openai needs an API key; set OPENAI_API_KEY or pass apiKey' })
  expect(emulator.requests).toHaveLength(0)
})

test('two keys of one vendor are two names', () => {
  for (const api of ['responses', 'chat'] as const) {
    expect(openai({ api, name: 'openai-eu', defaultModel: 'gpt-6-mini' })).toMatchObject({
      name: 'openai-eu',
      vendor: 'openai',
      defaultModel: 'gpt-6-mini',
    })
  }
})

test('an API that does not exist is a mistake in the configuration', () => {
  // As JavaScript may call it.
  const options = { api: 'completions' } as unknown as Parameters<typeof openai>[0]
  expect(() => openai(options)).toThrow(`openai has no api "completions"; use 'responses' or 'chat'`)
})

test.each<[string, Partial<ProviderRequest>, RegExp]>([
  ['stop sequences', { stop: ['x'] }, /no stop sequences/],
  ['an output limit below its least', { maxOutputTokens: 15 }, /below 16/],
  ['an answer that is no object', { output: { name: 'o', schema: { type: 'array' } } }, /output must be an object/],
  [
    'a tool whose input is no object',
    { tools: [{ name: 't', inputSchema: { anyOf: [] } }] },
    /tool t must be an object/,
  ],
])('%s: unsupported, before anything is sent', async (_, more, message) => {
  const { error } = await broken(provider, { model, ...more })
  expect(error).toMatchObject({ kind: 'unsupported', provider: 'openai', message: expect.stringMatching(message) })
  expect(emulator.requests).toHaveLength(0)
})
