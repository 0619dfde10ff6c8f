import { startEmulator } from '@wayfare/emulator'
import type { Emulator, FailureName } from '@wayfare/emulator'
import { LLMError } from '@wayfare/core'
import type { AssistantPart, Provider, ProviderEvent, ProviderMessage } from '@wayfare/core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { anthropic } from '../src/index.ts'
import { asking, gather, partsOf, textOf } from './asking.ts'
import { canonical, weather } from './canonical.ts'

let emulator: Emulator
let provider: Provider

beforeAll(async () => {
  emulator = await startEmulator()
  provider = anthropic({ baseURL: emulator.baseURL('anthropic'), apiKey: 'sk-canary-0123456789' })
})
beforeEach(() => emulator.reset())
afterAll(async () => {
  await provider.close?.()
  await emulator.close()
})

const hello: ProviderMessage = { role: 'user', content: [{ type: 'text', text: 'Hello' }] }

function assistantOf(events: readonly ProviderEvent[]): ProviderMessage {
  return { role: 'assistant', content: partsOf(events) as readonly AssistantPart[] }
}

describe('chat', () => {
  test.each(
    [1, 7, 65_536].flatMap((splitBytes) => (['\n', '\r\n'] as const).map((lineEnd) => [splitBytes, lineEnd] as const)),
  )('streams over a wire cut into pieces of %i bytes, lines ending in %j', async (splitBytes, lineEnd) => {
    emulator.enqueue('anthropic', { text: 'Hé👋lo', splitBytes, lineEnd, usage: { input: 3, output: 4, cacheRead: 5 } })
    const { events, error } = await gather(provider.chat(asking()))
    expect(error).toBeUndefined()
    expect(textOf(events)).toBe('Hé👋lo')
    expect(events[0]).toMatchObject({ type: 'start', requestId: expect.stringMatching(/^req_/) })
    expect(events.findLast(({ type }) => type === 'usage')).toMatchObject({
      usage: { input: 3, output: 4, cacheRead: 5 },
    })
    expect(events.at(-1)).toMatchObject({ type: 'finish', reason: 'stop' })
  })

  test('asks for one JSON body when told not to stream', async () => {
    emulator.enqueue('anthropic', { text: 'Hé👋lo' })
    const { events } = await gather(provider.chat(asking({ stream: false })))
    expect(textOf(events)).toBe('Hé👋lo')
    expect(emulator.requests[0]).toMatchObject({ stream: false, path: expect.stringMatching(/\/v1\/messages$/) })
  })

  test('sends its key and version in headers', async () => {
    await gather(provider.chat(asking({ options: { betas: ['b1'] } })))
    expect(emulator.requests[0]?.headers).toMatchObject({
      'x-api-key': 'sk-canary-0123456789',
      'anthropic-version': '2023-06-01',
      'anthropic-beta': 'b1',
    })
    expect(emulator.requests[0]?.headers).not.toHaveProperty('authorization')
  })

  test('sends nothing before it is pulled', () => {
    provider.chat(asking())
    expect(emulator.requests).toEqual([])
  })

  test('goes on after thinking and tool calls with everything signed as it was', async () => {
    emulator.enqueue('anthropic', {
      reasoning: 'They ask about Nice.',
      text: 'Let me look.',
      toolCalls: [
        { name: 'weather', input: { city: 'Nice' } },
        { name: 'weather', input: { city: 'Rome' } },
      ],
    })
    const first = await gather(provider.chat(asking({ messages: [hello], tools: [weather], reasoning: 'high' })))
    expect(first.events.at(-1)).toMatchObject({ reason: 'tool_calls' })
    const calls = partsOf(first.events).flatMap((part) => ((part as AssistantPart).type === 'tool_call' ? [part] : []))
    const results = calls.map((call) => ({
      type: 'tool_result' as const,
      id: (call as { id: string }).id,
      name: 'weather',
      output: 'sunny',
    }))
    const second = await gather(
      provider.chat(
        asking({
          messages: [hello, assistantOf(first.events), { role: 'tool', content: results }],
          tools: [weather],
          reasoning: 'high',
        }),
      ),
    )
    expect(second.error).toBeUndefined()
    expect(emulator.requests[1]?.body).toMatchObject({
      messages: [
        {},
        {
          content: [
            { type: 'thinking', signature: expect.any(String) },
            { type: 'text' },
            { type: 'tool_use' },
            { type: 'tool_use' },
          ],
        },
        { content: [{ type: 'tool_result' }, { type: 'tool_result' }] },
      ],
    })
  })

  test('keeps thinking whose text the vendor holds back', async () => {
    emulator.enqueue('anthropic', { reasoning: '', text: 'Yes.' })
    const first = await gather(provider.chat(asking()))
    const second = await gather(provider.chat(asking({ messages: [hello, assistantOf(first.events), hello] })))
    expect(second.error).toBeUndefined()
    expect(emulator.requests[1]?.body).toMatchObject({
      messages: [{}, { content: [{ type: 'thinking', thinking: '' }, {}] }, {}],
    })
  })

  test('takes a history that another vendor began', async () => {
    const foreign = canonical.map((message): ProviderMessage => {
      if (message.role !== 'assistant') return message
      return {
        role: 'assistant',
        content: message.content.map((part) =>
          part.type === 'reasoning' ? { ...part, providerMetadata: { other: { id: 'rs_1' } } } : part,
        ),
      }
    })
    const { events, error } = await gather(provider.chat(asking({ messages: foreign, tools: [weather] })))
    expect(error).toBeUndefined()
    expect(events[0]).toMatchObject({ warnings: [{ code: 'reasoning_dropped' }] })
  })

  test.each([
    'claude-sonnet-5-5',
    'claude-sonnet-5',
    'claude-opus-4-8',
    'claude-sonnet-4-6',
    'claude-haiku-4-5',
    'claude-3-haiku-20240307',
  ])('%s accepts whatever is asked of it, adapted', async (model) => {
    for (const reasoning of [undefined, 'none', 'low', 'max', { maxTokens: 3_000 }] as const) {
      for (const toolChoice of ['auto', 'required'] as const) {
        const request = asking({ model, reasoning, toolChoice, tools: [weather], temperature: 0.5, topP: 0.5, seed: 1 })
        expect((await gather(provider.chat(request))).error).toBeUndefined()
      }
    }
  })

  test('gives structured output as text where only a tool can hold it', async () => {
    emulator.enqueue('anthropic', { toolCalls: [{ name: 'answer', input: { a: 1 } }] })
    const output = { name: 'answer', schema: { type: 'object' } }
    const { events } = await gather(provider.chat(asking({ model: 'claude-sonnet-4-20250514', output })))
    expect(JSON.parse(textOf(events))).toEqual({ a: 1 })
    expect(events.at(-1)).toMatchObject({ reason: 'stop' })
  })
})

describe('failures', () => {
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
  ])('%s is an error of kind %s', async (name, kind) => {
    emulator.enqueue('anthropic', { error: name })
    const { events, error } = await gather(provider.chat(asking()))
    expect(events).toEqual([])
    expect(error).toMatchObject({ kind, provider: 'anthropic', model: 'claude-sonnet-5-5' })
    expect(LLMError.is(error)).toBe(true)
  })

  test.each<[object, number, string]>([
    [{ type: 'invalid_request_error', message: 'Your credit balance is too low to use the API' }, 400, 'billing'],
    [
      { type: 'invalid_request_error', message: 'You have reached your specified workspace API usage limits.' },
      400,
      'billing',
    ],
    [
      { type: 'rate_limit_error', message: 'x', details: { error_code: 'enforced_spend_limit_reached' } },
      429,
      'billing',
    ],
    [{ type: 'rate_limit_error', message: 'x', details: { error_code: 'ramp_limit_exceeded' } }, 429, 'rate_limit'],
    [{ type: 'rate_limit_error', message: 'Invalid signature in thinking block' }, 429, 'bad_request'],
    [{ type: 'invalid_request_error', message: 'prompt is too long: 9 > 8' }, 400, 'context_length'],
    [{ type: 'timeout_error', message: 'x' }, 504, 'timeout'],
    [{ type: 'conflict_error', message: 'x' }, 409, 'conflict'],
    [{ type: 'api_error', message: 'x' }, 500, 'server'],
    [{ type: 'a_new_error', message: 'x' }, 529, 'overloaded'],
  ])('%j with status %i is of kind %s', async (error, status, kind) => {
    emulator.enqueue('anthropic', { status, error: { body: { type: 'error', error, request_id: 'req_body' } } })
    expect((await gather(provider.chat(asking()))).error).toMatchObject({ kind, status })
  })

  test('tell how long to wait', async () => {
    emulator.enqueue('anthropic', { error: 'rate_limit', retryAfter: '2' })
    expect((await gather(provider.chat(asking()))).error).toMatchObject({ retryAfterMs: 2_000, retryable: true })
  })

  test.each(['reset', 'end', 'cut'] as const)('in the middle (%s) are errors after what had come', async (kind) => {
    emulator.enqueue('anthropic', { text: 'one two three four', fault: { after: 2, kind } })
    const { events, error } = await gather(provider.chat(asking()))
    expect(textOf(events)).toMatch(/^one two/)
    expect(error).toMatchObject({ kind: 'stream_truncated' })
    expect(events.some(({ type }) => type === 'finish')).toBe(false)
  })

  test.each([
    ['error', 'overloaded'],
    ['malformed', 'protocol'],
  ] as const)('inside the stream (%s) are of kind %s', async (kind, expected) => {
    emulator.enqueue('anthropic', { text: 'one two three four', fault: { after: 2, kind } })
    expect((await gather(provider.chat(asking()))).error).toMatchObject({ kind: expected })
  })

  test.each(['html', 'empty'] as const)('that look like success (%s) are protocol errors', async (kind) => {
    emulator.enqueue('anthropic', { fault: { after: 0, kind } })
    const { events, error } = await gather(provider.chat(asking()))
    expect(events).toEqual([])
    expect(error).toMatchObject({ kind: 'protocol' })
  })

  test('inside a JSON body that answers a request for a stream are of their own kind', async () => {
    const body = { type: 'error', error: { type: 'api_error', message: 'x' } }
    emulator.enqueue('anthropic', { status: 200, error: { body } })
    expect((await gather(provider.chat(asking()))).error).toMatchObject({ kind: 'server' })
  })

  test('never hold the key', async () => {
    emulator.enqueue('anthropic', {
      status: 401,
      error: {
        body: { type: 'error', error: { type: 'authentication_error', message: 'sk-canary-0123456789 is bad' } },
      },
    })
    const error = (await gather(provider.chat(asking()))).error as LLMError
    expect(`${error.message} ${JSON.stringify(error)} ${JSON.stringify(error.details)}`).not.toContain('canary')
  })

  test('of a missing key say what to do', async () => {
    const { error } = await gather(
      anthropic({ baseURL: emulator.baseURL('anthropic'), apiKey: () => '' }).chat(asking()),
    )
    expect(error).toMatchObject({ kind: 'config', message: expect.stringContaining('ANTHROPIC_API_KEY') })
    expect(emulator.requests).toEqual([])
  })
})

describe('leaving', () => {
  async function untilClosed(): Promise<void> {
    while (emulator.openSockets > 0) await new Promise((resolve) => setImmediate(resolve))
  }

  test('by break closes the connection', async () => {
    await provider.close?.()
    await untilClosed()
    emulator.enqueue('anthropic', { text: 'one two three', fault: { after: 1, kind: 'stall' } })
    for await (const batch of provider.chat(asking())) if (textOf([batch].flat()) !== '') break
    await untilClosed()
    expect(emulator.requests[0]?.closedEarly).toBe(true)
  })

  test('by the signal closes the connection and is an error of kind cancelled', async () => {
    await provider.close?.()
    await untilClosed()
    emulator.enqueue('anthropic', { text: 'one two three', fault: { after: 1, kind: 'stall' } })
    const controller = new AbortController()
    const seen: ProviderEvent[] = []
    const run = async (): Promise<void> => {
      for await (const batch of provider.chat(asking({ signal: controller.signal }))) {
        seen.push(...[batch].flat())
        if (textOf(seen) !== '') controller.abort()
      }
    }
    await expect(run()).rejects.toMatchObject({ kind: 'cancelled' })
    await untilClosed()
  })
})

describe('beside chat', () => {
  test('models are listed with their limits and what they take', async () => {
    expect(await provider.models?.()).toContainEqual({
      id: 'claude-opus-5-5',
      provider: 'anthropic',
      name: 'Claude Opus 5.5',
      contextTokens: 1_000_000,
      maxOutputTokens: 128_000,
      supportsTools: true,
      input: ['text', 'image', 'pdf'],
    })
  })

  test('health asks for one model', async () => {
    await provider.health?.()
    expect(emulator.requests[0]).toMatchObject({ method: 'GET', path: expect.stringContaining('models') })
  })

  test('health fails as the vendor does', async () => {
    emulator.enqueue('anthropic', { error: 'auth' })
    await expect(provider.health?.()).rejects.toMatchObject({ kind: 'auth' })
  })

  test('a second key of the vendor has its own name, and the vendor stays', () => {
    const second = anthropic({ name: 'anthropic-eu', apiKey: 'k' })
    expect(second).toMatchObject({ name: 'anthropic-eu', vendor: 'anthropic' })
    expect('balance' in second).toBe(false)
  })

  test('traits tell which models go on with an assistant message', () => {
    expect(provider.traits?.('claude-haiku-4-5')).toMatchObject({ prefill: true })
    expect(provider.traits?.('claude-sonnet-5-5')).toMatchObject({ prefill: false, stopsOnAbort: true })
  })
})
