import { startEmulator } from '@wayfare/emulator'
import type { Emulator, FailureName } from '@wayfare/emulator'
import { LLMError } from '@wayfare/core'
import type { AssistantPart, Provider, ProviderEvent, ProviderMessage } from '@wayfare/core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { google } from '../src/index.ts'
import { asking, gather, partsOf, textOf } from './asking.ts'
import { canonical, weather } from './canonical.ts'

let emulator: Emulator
let provider: Provider

beforeAll(async () => {
  emulator = await startEmulator()
  provider = google({ baseURL: emulator.baseURL('google'), apiKey: 'canary-0123456789' })
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
    emulator.enqueue('google', {
      text: 'Hé👋lo',
      splitBytes,
      lineEnd,
      usage: { input: 3, output: 4, cacheRead: 5, reasoning: 1 },
    })
    const { events, error } = await gather(provider.chat(asking()))
    expect(error).toBeUndefined()
    expect(textOf(events)).toBe('Hé👋lo')
    expect(events.findLast(({ type }) => type === 'usage')).toMatchObject({
      usage: { input: 3, output: 4, cacheRead: 5, reasoning: 1 },
    })
    expect(events.at(-1)).toMatchObject({ type: 'finish', reason: 'stop' })
  })

  test('asks for one JSON body when told not to stream', async () => {
    emulator.enqueue('google', { text: 'Hé👋lo' })
    const { events } = await gather(provider.chat(asking({ stream: false })))
    expect(textOf(events)).toBe('Hé👋lo')
    expect(emulator.requests[0]?.path).toMatch(/:generateContent$/)
  })

  test('sends its key in a header and never in the URL', async () => {
    await gather(provider.chat(asking()))
    expect(emulator.requests[0]?.headers).toMatchObject({ 'x-goog-api-key': 'canary-0123456789' })
    expect(emulator.requests[0]?.path).not.toContain('canary')
  })

  test.each(['gemini-2.5-flash', 'gemini-3-pro-preview'])(
    '%s goes on after thinking and tool calls with every signature where it was',
    async (model) => {
      emulator.enqueue('google', {
        reasoning: 'They ask about Nice.',
        text: 'Let me look.',
        toolCalls: [
          { name: 'weather', input: { city: 'Nice' } },
          { name: 'weather', input: { city: 'Rome' } },
        ],
      })
      const first = await gather(
        provider.chat(asking({ model, messages: [hello], tools: [weather], reasoning: 'high' })),
      )
      expect(first.events.at(-1)).toMatchObject({ reason: 'tool_calls' })
      const parts = partsOf(first.events) as readonly AssistantPart[]
      const results = parts.flatMap((part) =>
        part.type === 'tool_call'
          ? [{ type: 'tool_result' as const, id: part.id, name: part.name, output: 'sunny' }]
          : [],
      )
      const messages: readonly ProviderMessage[] = [
        hello,
        assistantOf(first.events),
        { role: 'tool', content: results.toReversed() },
      ]
      const second = await gather(provider.chat(asking({ model, messages, tools: [weather] })))
      expect(second.error).toBeUndefined()
      expect(second.events[0]).not.toHaveProperty('warnings')
      expect(JSON.stringify(emulator.requests[1]?.body)).toContain('"thoughtSignature":"CiQBgoogle')
    },
  )

  test('keeps the signature of a thoughtful text', async () => {
    emulator.enqueue('google', { reasoning: 'Hm.', text: 'Yes.' })
    const first = await gather(provider.chat(asking({ reasoning: 'low' })))
    const second = await gather(provider.chat(asking({ messages: [hello, assistantOf(first.events), hello] })))
    expect(second.error).toBeUndefined()
    expect(emulator.requests[1]?.body).toMatchObject({
      contents: [{}, { parts: [{ text: 'Yes.' }, { text: '', thoughtSignature: expect.any(String) }] }, {}],
    })
  })

  test.each(['gemini-2.5-flash', 'gemini-3-pro-preview'])(
    '%s takes a history that another vendor began',
    async (model) => {
      const foreign = canonical.map((message): ProviderMessage => {
        if (message.role !== 'assistant') return message
        const content = message.content.map((part) => ({ ...part, providerMetadata: { other: { signature: 's' } } }))
        return { role: 'assistant', content }
      })
      const { events, error } = await gather(provider.chat(asking({ model, messages: foreign, tools: [weather] })))
      expect(error).toBeUndefined()
      expect(events[0]).toMatchObject({
        warnings: expect.arrayContaining([expect.objectContaining({ code: 'reasoning_dropped' })]),
      })
    },
  )

  test.each(['gemini-2.5-flash', 'gemini-2.5-pro', 'gemini-3-pro-preview', 'gemini-2.0-flash', 'gemma-3-27b-it'])(
    '%s accepts whatever is asked of it, adapted',
    async (model) => {
      for (const reasoning of [undefined, 'none', 'low', 'max', { maxTokens: 3_000 }] as const) {
        for (const toolChoice of ['auto', 'required'] as const) {
          const output = { name: 'answer', schema: { type: 'object' } }
          const request = asking({
            model,
            reasoning,
            toolChoice,
            tools: [weather],
            temperature: 0.5,
            topP: 0.5,
            seed: 1,
            output,
          })
          expect((await gather(provider.chat(request))).error).toBeUndefined()
        }
      }
    },
  )
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
    emulator.enqueue('google', { error: name })
    const { error } = await gather(provider.chat(asking()))
    expect(error).toMatchObject({ kind, provider: 'google', model: 'gemini-2.5-flash' })
    expect(LLMError.is(error)).toBe(true)
  })

  test('tell how long to wait, although there is no header for it', async () => {
    emulator.enqueue('google', { error: 'rate_limit', retryAfter: '34.4' })
    expect((await gather(provider.chat(asking()))).error).toMatchObject({ retryAfterMs: 34_400 })
  })

  test.each(['reset', 'end', 'cut'] as const)('in the middle (%s) are errors after what had come', async (kind) => {
    emulator.enqueue('google', { text: 'one two three four', fault: { after: 2, kind } })
    const { events, error } = await gather(provider.chat(asking()))
    expect(textOf(events)).toMatch(/^one two/)
    expect(error).toMatchObject({ kind: 'stream_truncated' })
  })

  test.each([
    ['error', 'overloaded'],
    ['malformed', 'protocol'],
  ] as const)('inside the stream (%s) are of kind %s', async (kind, expected) => {
    emulator.enqueue('google', { text: 'one two three four', fault: { after: 2, kind } })
    expect((await gather(provider.chat(asking()))).error).toMatchObject({ kind: expected })
  })

  test.each(['html', 'empty'] as const)('that look like success (%s) are protocol errors', async (kind) => {
    emulator.enqueue('google', { fault: { after: 0, kind } })
    const { events, error } = await gather(provider.chat(asking()))
    expect(events).toEqual([])
    expect(error).toMatchObject({ kind: 'protocol' })
  })

  test('of a missing key say what to do', async () => {
    const { error } = await gather(google({ baseURL: emulator.baseURL('google'), apiKey: () => '' }).chat(asking()))
    expect(error).toMatchObject({ kind: 'config', message: expect.stringContaining('GEMINI_API_KEY') })
    expect(emulator.requests).toEqual([])
  })
})

describe('leaving', () => {
  async function untilClosed(): Promise<void> {
    while (emulator.openSockets > 0) await new Promise((resolve) => setImmediate(resolve))
  }

  test('by the signal closes the connection and is an error of kind cancelled', async () => {
    await provider.close?.()
    await untilClosed()
    emulator.enqueue('google', { text: 'one two three', fault: { after: 1, kind: 'stall' } })
    const controller = new AbortController()
    const run = async (): Promise<void> => {
      for await (const batch of provider.chat(asking({ signal: controller.signal })))
        if (textOf([batch].flat()) !== '') controller.abort()
    }
    await expect(run()).rejects.toMatchObject({ kind: 'cancelled' })
    await untilClosed()
    expect(emulator.requests[0]?.closedEarly).toBe(true)
  })
})

describe('beside chat', () => {
  test('models are listed with their limits', async () => {
    expect(await provider.models?.()).toContainEqual({
      id: 'gemini-2.5-flash',
      provider: 'google',
      name: 'Gemini 2.5 Flash',
      contextTokens: 1_048_576,
      maxOutputTokens: 65_536,
    })
  })

  test('health asks for one model', async () => {
    const asked: string[] = []
    const recording: typeof fetch = (input) => {
      asked.push(input instanceof Request ? input.url : String(input))
      return Promise.resolve(Response.json({ models: [] }))
    }
    await google({ apiKey: 'k', fetch: recording }).health?.()
    expect(asked).toEqual(['https://generativelanguage.googleapis.com/v1beta/models?pageSize=1'])
  })

  test('health fails as the vendor does', async () => {
    emulator.enqueue('google', { error: 'auth' })
    await expect(provider.health?.()).rejects.toMatchObject({ kind: 'auth' })
  })

  test('traits tell that a closed connection does not stop the bill', () => {
    expect(provider.traits?.('gemini-2.5-flash')).toMatchObject({ stopsOnAbort: false })
  })
})
