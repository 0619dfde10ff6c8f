import { startEmulator } from '@wayfare/emulator'
import type { Emulator, FailureName } from '@wayfare/emulator'
import { LLMError } from '@wayfare/core'
import type { AssistantPart, Provider, ProviderEvent, ProviderMessage } from '@wayfare/core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ollama } from '../src/index.ts'
import { asking, gather, partsOf, textOf } from './asking.ts'
import { canonical, weather } from './canonical.ts'

let emulator: Emulator
let provider: Provider

beforeAll(async () => {
  emulator = await startEmulator()
  provider = ollama({ baseURL: emulator.baseURL('ollama') })
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
    emulator.enqueue('ollama', { text: 'Hé👋lo', splitBytes, lineEnd, usage: { input: 3, output: 4 } })
    const { events, error } = await gather(provider.chat(asking()))
    expect(error).toBeUndefined()
    expect(textOf(events)).toBe('Hé👋lo')
    expect(events.findLast(({ type }) => type === 'usage')).toMatchObject({
      usage: { input: 3, output: 4 },
    })
    expect(events.at(-1)).toMatchObject({ type: 'finish', reason: 'stop' })
  })

  test('asks for one JSON body when told not to stream', async () => {
    emulator.enqueue('ollama', { text: 'Hé👋lo' })
    const { events } = await gather(provider.chat(asking({ stream: false })))
    expect(textOf(events)).toBe('Hé👋lo')
    expect(emulator.requests[0]).toMatchObject({ stream: false, path: expect.stringMatching(/\/api\/chat$/) })
  })

  test('sends no key unless it is given one', async () => {
    await gather(provider.chat(asking()))
    expect(emulator.requests[0]?.headers).not.toHaveProperty('authorization')
    await gather(ollama({ baseURL: emulator.baseURL('ollama'), apiKey: 'k1' }).chat(asking()))
    expect(emulator.requests[1]?.headers).toMatchObject({ authorization: 'Bearer k1' })
  })

  test('goes on after thinking and tool calls', async () => {
    emulator.enqueue('ollama', {
      reasoning: 'They ask about Nice.',
      text: 'Let me look.',
      toolCalls: [{ name: 'weather', input: { city: 'Nice' } }],
    })
    const first = await gather(provider.chat(asking({ messages: [hello], tools: [weather], reasoning: 'high' })))
    expect(first.events.at(-1)).toMatchObject({ reason: 'tool_calls' })
    const parts = partsOf(first.events) as readonly AssistantPart[]
    const results = parts.flatMap((part) =>
      part.type === 'tool_call'
        ? [{ type: 'tool_result' as const, id: part.id, name: part.name, output: 'sunny' }]
        : [],
    )
    const messages: readonly ProviderMessage[] = [hello, assistantOf(first.events), { role: 'tool', content: results }]
    const second = await gather(provider.chat(asking({ messages, tools: [weather] })))
    expect(second.error).toBeUndefined()
    expect(second.events[0]).not.toHaveProperty('warnings')
    expect(emulator.requests[1]?.body).toMatchObject({
      messages: [
        {},
        {
          thinking: 'They ask about Nice.',
          tool_calls: [{ function: { name: 'weather', arguments: { city: 'Nice' } } }],
        },
        { role: 'tool', tool_name: 'weather', content: 'sunny' },
      ],
    })
  })

  test('takes a history that another vendor began', async () => {
    const foreign = canonical.map((message): ProviderMessage => {
      if (message.role !== 'assistant') return message
      const content = message.content.map((part) => ({ ...part, providerMetadata: { other: { signature: 's' } } }))
      return { role: 'assistant', content }
    })
    const { events, error } = await gather(provider.chat(asking({ messages: foreign, tools: [weather] })))
    expect(error).toBeUndefined()
    expect(events[0]).toMatchObject({ warnings: [{ code: 'reasoning_dropped' }] })
  })

  test.each(['qwen3:8b', 'gpt-oss:20b'])('%s accepts whatever is asked of it, adapted', async (model) => {
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
    ['content_filter', 'bad_request'],
    ['too_large', 'request_too_large'],
  ])('%s is an error of kind %s', async (name, kind) => {
    emulator.enqueue('ollama', { error: name })
    const { error } = await gather(provider.chat(asking()))
    expect(error).toMatchObject({ kind, provider: 'ollama', model: 'qwen3:8b' })
    expect(LLMError.is(error)).toBe(true)
  })

  test('of a missing model say how to get it', async () => {
    emulator.enqueue('ollama', { error: 'not_found' })
    const { error } = await gather(provider.chat(asking()))
    expect(error).toMatchObject({ message: expect.stringContaining('`ollama pull qwen3:8b`') })
  })

  test.each([
    [500, 'model requires more system memory (9 GiB) than is available', { kind: 'server', retryable: false }],
    [400, 'registry.ollama.ai/library/x does not support tools', { kind: 'unsupported' }],
    [400, 'the input length exceeds the context length', { kind: 'context_length' }],
    [400, 'prompt too long; exceeded max context length by 3 tokens', { kind: 'context_length' }],
    [404, 'model "<script>" not found, try pulling it first', { message: expect.stringContaining('pull <model>') }],
  ])('%i "%s" is understood', async (status, error, expected) => {
    emulator.enqueue('ollama', { status, error: { body: { error } } })
    expect((await gather(provider.chat(asking()))).error).toMatchObject(expected)
  })

  test.each(['reset', 'end', 'cut'] as const)('in the middle (%s) are errors after what had come', async (kind) => {
    emulator.enqueue('ollama', { text: 'one two three four', fault: { after: 2, kind } })
    const { events, error } = await gather(provider.chat(asking()))
    expect(textOf(events)).toMatch(/^one two/)
    expect(error).toMatchObject({ kind: 'stream_truncated' })
  })

  test.each([
    ['error', 'overloaded'],
    ['malformed', 'protocol'],
  ] as const)('inside the stream (%s) are of kind %s', async (kind, expected) => {
    emulator.enqueue('ollama', { text: 'one two three four', fault: { after: 2, kind } })
    expect((await gather(provider.chat(asking()))).error).toMatchObject({ kind: expected })
  })

  test.each(['html', 'empty'] as const)('that look like success (%s) are protocol errors', async (kind) => {
    emulator.enqueue('ollama', { fault: { after: 0, kind } })
    const { events, error } = await gather(provider.chat(asking()))
    expect(events).toEqual([])
    expect(error).toMatchObject({ kind: 'protocol' })
  })
})

describe('leaving', () => {
  test('by the signal closes the connection and is an error of kind cancelled', async () => {
    emulator.enqueue('ollama', { text: 'one two three', fault: { after: 1, kind: 'stall' } })
    const controller = new AbortController()
    const run = async (): Promise<void> => {
      for await (const batch of provider.chat(asking({ signal: controller.signal })))
        if (textOf([batch].flat()) !== '') controller.abort()
    }
    await expect(run()).rejects.toMatchObject({ kind: 'cancelled' })
    await expect.poll(() => emulator.requests[0]?.closedEarly).toBe(true)
  })
})

describe('beside chat', () => {
  test('models are listed with what they can do, and cost nothing', async () => {
    expect(await provider.models?.()).toContainEqual({
      id: 'qwen3:8b',
      provider: 'ollama',
      inputPerMTok: 0,
      outputPerMTok: 0,
      supportsTools: true,
      input: ['text'],
    })
  })

  test('health asks for the version', async () => {
    await provider.health?.()
    expect(emulator.requests[0]?.path).toMatch(/\/api\/version$/)
  })

  test('a server that is not there is a network error', async () => {
    const gone = await startEmulator()
    const lost = ollama({ baseURL: gone.baseURL('ollama') })
    await gone.close()
    await expect(lost.health?.()).rejects.toMatchObject({ kind: 'network', phase: 'connect' })
  })

  test.each([
    [undefined, 'qwen3:8b', true],
    [undefined, 'gpt-oss:120b-cloud', undefined],
    [undefined, 'qwen3-coder:cloud', undefined],
    ['https://ollama.com', 'gpt-oss:120b', undefined],
  ])('at %s the model %s is free: %s', (baseURL, model, free) => {
    expect(ollama({ baseURL }).traits?.(model).free).toBe(free)
  })
})
