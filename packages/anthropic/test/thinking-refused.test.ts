import { startEmulator } from '@wayfare/emulator'
import type { Emulator } from '@wayfare/emulator'
import type { AssistantPart, Provider, ProviderMessage } from '@wayfare/core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { anthropic } from '../src/index.ts'
import { asking, gather, textOf } from './asking.ts'
import { weather } from './canonical.ts'

let emulator: Emulator
let provider: Provider

beforeAll(async () => {
  emulator = await startEmulator()
  provider = anthropic({ baseURL: emulator.baseURL('anthropic'), apiKey: 'any' })
})
beforeEach(() => emulator.reset())
afterAll(async () => {
  await provider.close?.()
  await emulator.close()
})

const thought = (signature: string): AssistantPart => ({
  type: 'reasoning',
  text: 'Hm.',
  providerMetadata: { anthropic: { signature } },
})
const user = (text: string): ProviderMessage => ({ role: 'user', content: [{ type: 'text', text }] })
const conversation = (...answer: AssistantPart[]): readonly ProviderMessage[] => [
  user('Hello'),
  { role: 'assistant', content: answer },
  user('And now?'),
]

describe('thoughts that the vendor does not take back', () => {
  test('are left out, once, with a warning; what was said stays', async () => {
    emulator.enqueue('anthropic', { text: 'Now.' })
    const messages = conversation(thought('of another key'), { type: 'text', text: 'Said.' })
    const { events, error } = await gather(provider.chat(asking({ messages })))
    expect(error).toBeUndefined()
    expect(textOf(events)).toBe('Now.')
    const warnings = events.flatMap((event) => (event.type === 'start' ? (event.warnings ?? []) : []))
    expect(warnings.map(({ code }) => code)).toContain('reasoning_dropped')
    expect(emulator.requests.map(({ status }) => status)).toEqual([400, 200])
    const [first, second] = emulator.requests.map(({ body }) => JSON.stringify(body))
    expect(first).toContain('"thinking":"Hm."')
    expect(second).not.toContain('Hm.')
    expect(second).toContain('Said.')
  })

  test('before a tool call as well: its result is answered without thinking', async () => {
    emulator.enqueue('anthropic', { text: 'Cold.' })
    const messages: readonly ProviderMessage[] = [
      user('Oslo?'),
      {
        role: 'assistant',
        content: [
          thought('changed on the way'),
          { type: 'tool_call', id: 'toolu_1', name: 'weather', input: { city: 'Oslo' }, rawInput: '{"city":"Oslo"}' },
        ],
      },
      { role: 'tool', content: [{ type: 'tool_result', id: 'toolu_1', name: 'weather', output: '3' }] },
    ]
    const { events, error } = await gather(provider.chat(asking({ messages, tools: [weather], reasoning: 'high' })))
    expect(error).toBeUndefined()
    expect(textOf(events)).toBe('Cold.')
    expect(emulator.requests).toHaveLength(2)
  })

  test.each([
    'messages.1.content.0: Invalid `signature` in `thinking` block',
    'messages.3.content.2: Invalid `data` in `redacted_thinking` block',
    'messages.3.content.8: `thinking` or `redacted_thinking` blocks in the latest assistant message cannot be modified.',
    'messages.3.content.1: When providing `thinking` or `redacted_thinking` blocks, the blocks must match the parameters during the original request.',
  ])('are known by the words of the API: %s', async (message) => {
    const body = { type: 'error', error: { type: 'invalid_request_error', message } }
    emulator.enqueue('anthropic', { status: 400, error: { body } }, { text: 'Now.' })
    const messages = conversation(
      {
        type: 'provider',
        vendor: 'anthropic',
        kind: 'redacted_thinking',
        value: { type: 'redacted_thinking', data: 'x' },
      },
      { type: 'text', text: 'Said.' },
    )
    const { events } = await gather(provider.chat(asking({ messages })))
    expect(textOf(events)).toBe('Now.')
    expect(JSON.stringify(emulator.requests[1]?.body)).not.toContain('redacted')
  })
})

describe('of a server that refuses what it is told to', () => {
  beforeAll(async () => {
    await emulator.close()
    emulator = await startEmulator({ validate: false })
    provider = anthropic({ baseURL: emulator.baseURL('anthropic'), apiKey: 'any' })
  })

  test.each([
    ['another reason', conversation(thought('any'), { type: 'text', text: 'Said.' }), 'max_tokens: too large'],
    [
      'a history without thoughts',
      conversation({ type: 'text', text: 'Said.' }),
      'Invalid `signature` in `thinking` block',
    ],
  ])('a request that is refused with %s is not sent again', async (_, messages, message) => {
    const body = { type: 'error', error: { type: 'invalid_request_error', message } }
    emulator.enqueue('anthropic', { status: 400, error: { body } })
    const { error } = await gather(provider.chat(asking({ messages })))
    expect(error).toMatchObject({ kind: 'bad_request', status: 400 })
    expect(emulator.requests).toHaveLength(1)
  })

  test('a second refusal is the answer', async () => {
    const message = 'Invalid `signature` in `thinking` block'
    const body = { type: 'error', error: { type: 'invalid_request_error', message } }
    emulator.enqueue('anthropic', { status: 400, error: { body } }, { status: 400, error: { body } })
    const { error } = await gather(provider.chat(asking({ messages: conversation(thought('any')) })))
    expect(error).toMatchObject({ kind: 'bad_request' })
    expect(emulator.requests).toHaveLength(2)
  })
})
