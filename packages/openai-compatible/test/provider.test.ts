import { inspect } from 'node:util'
import { startEmulator, type Emulator, type FailureName } from '@wayfare/emulator'
import type { Provider } from '@wayfare/core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openaiCompatible } from '../src/index.ts'
import { broken, events, request, textOf } from './call.ts'

let emulator: Emulator
let provider: Provider
beforeAll(async () => {
  emulator = await startEmulator({ validate: false })
  provider = openaiCompatible({
    name: 'acme',
    baseURL: emulator.baseURL('openai'),
    apiKey: 'canary-4f9d2c7b8a61e350',
    dialect: { asksForUsage: true },
  })
})
beforeEach(() => emulator.reset())
afterAll(async () => {
  await provider.close?.()
  await emulator.close()
})

test('an answer streams over HTTP, and connections are used again', async () => {
  for (let i = 0; i < 5; i++) {
    emulator.enqueue('openai', { text: 'Hé👋lo there', usage: { input: 7, output: 3 }, deltaSize: 2 })
    const all = await events(provider)
    expect(textOf(all)).toBe('Hé👋lo there')
    expect(all.at(-2)).toMatchObject({ type: 'usage', usage: { input: 7, output: 3 } })
    expect(all.at(-1)).toMatchObject({ type: 'finish', reason: 'stop' })
  }
  expect(emulator.openSockets).toBe(1)
})

test('an answer in one body', async () => {
  emulator.enqueue('openai', { text: 'Hello', toolCalls: [{ name: 'one', input: { x: 1 } }] })
  const all = await events(provider, { stream: false, tools: [{ name: 'one', inputSchema: { type: 'object' } }] })
  expect(textOf(all)).toBe('Hello')
  expect(all.at(-1)).toMatchObject({ reason: 'tool_calls' })
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
])('%s, before the stream and inside it, is %s', async (failure, kind) => {
  emulator.enqueue('openai', { error: failure })
  expect((await broken(provider)).error).toMatchObject({ kind, provider: 'acme', model: 'm' })
  emulator.enqueue('openai', { text: 'one two three', fault: { after: 1, kind: 'error', error: failure } })
  const { seen, error } = await broken(provider)
  expect(textOf(seen)).not.toBe('')
  expect(error).toMatchObject({ kind: kind === 'permission' ? 'bad_request' : kind })
})

test('retry-after is handed on', async () => {
  emulator.enqueue('openai', { error: 'rate_limit', retryAfter: '2' })
  expect((await broken(provider)).error).toMatchObject({ kind: 'rate_limit', retryAfterMs: 2000 })
})

describe('a stream that breaks', () => {
  test.each(['reset', 'end', 'cut'] as const)('by %s is truncated', async (kind) => {
    for (const after of [0, 1, 2]) {
      emulator.enqueue('openai', { text: 'one two three', fault: { after, kind } })
      const { seen, error } = await broken(provider)
      expect(['stream_truncated', 'network']).toContain((error as { kind: string }).kind)
      expect('one two three'.startsWith(textOf(seen))).toBe(true)
    }
  })

  test('into nonsense is a protocol failure', async () => {
    emulator.enqueue('openai', { text: 'one two three', fault: { after: 1, kind: 'malformed' } })
    expect((await broken(provider)).error).toMatchObject({ kind: 'protocol' })
  })
})

test('leaving the loop closes the socket before the loop is left', async () => {
  emulator.enqueue('openai', { text: 'one two three', fault: { after: 1, kind: 'stall' } })
  for await (const batch of provider.chat(request())) {
    expect(batch).toBeDefined()
    break
  }
  await expect.poll(() => emulator.requests.at(-1)?.closedEarly).toBe(true)
})

test('models and health', async () => {
  const models = await provider.models?.()
  expect(models?.length).toBeGreaterThan(1)
  expect(models?.[0]).toMatchObject({ provider: 'acme' })
  await expect(provider.health?.()).resolves.toBeUndefined()
})

test('a printed provider shows no key', () => {
  expect(inspect(provider, { depth: null, showHidden: true }) + JSON.stringify(provider)).not.toContain('canary')
})

test('nothing is sent before the first pull', async () => {
  provider.chat(request())
  await new Promise((resolve) => setImmediate(resolve))
  expect(emulator.requests).toHaveLength(0)
})
