import { Router } from '@wayfare/core'
import { startEmulator } from '@wayfare/emulator'
import type { Emulator } from '@wayfare/emulator'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { acmeVendor } from '../src/index.ts'

let emulator: Emulator
beforeEach(async () => {
  emulator = await startEmulator()
})
afterEach(() => emulator.close())

function router(): Router {
  const provider = acmeVendor({ baseURL: emulator.baseURL('openai'), apiKey: 'test-key' })
  return new Router({
    providers: [provider],
    model: 'acme-vendor/small',
    fallbacks: [{ trigger: 'error', action: 'wait_and_retry', maxRetries: 0 }],
  })
}

test('a call is answered, with its usage', async () => {
  emulator.enqueue('openai', { text: 'Hé👋lo', splitBytes: 7, usage: { input: 7, output: 3 } })
  const answer = await router().complete({ messages: 'Hello' })
  expect(answer).toMatchObject({ text: 'Hé👋lo', finishReason: 'stop', usage: { input: 7, output: 3 } })
  expect(emulator.requests.map(({ model, path }) => [model, path])).toEqual([['small', '/openai/v1/chat/completions']])
})

test('a stream that is cut is an error, never a shorter answer', async () => {
  emulator.answer('openai', () => ({ text: 'one two three', fault: { after: 1, kind: 'end' } }))
  await expect(router().complete({ messages: 'Hello' })).rejects.toMatchObject({ kind: 'stream_truncated' })
})
