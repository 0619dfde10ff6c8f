import { LLMError, Router } from '@wayfare/core'
import type { Provider } from '@wayfare/core'
import { expect, test } from 'vitest'
import { acmeVendor } from '../src/index.ts'
import { vendor } from './vendor.ts'

const first = 'data: {"id":"a1","model":"small-1","text":"Hé👋"}\n\n'
const last = 'data: {"text":"lo","usage":{"input":7,"output":3},"finish":"stop"}\n\n'

function router(fetch: typeof globalThis.fetch): Router {
  const provider: Provider = acmeVendor({ apiKey: 'test-key', fetch })
  return new Router({
    providers: [provider],
    model: 'acme-vendor/small',
    fallbacks: [{ trigger: 'error', action: 'wait_and_retry', maxRetries: 0 }],
  })
}

async function failure(fetch: typeof globalThis.fetch): Promise<unknown> {
  return router(fetch)
    .complete({ messages: 'Hello' })
    .catch((error: unknown) => error)
}

test.each([1, 7, 65_536])('a stream in pieces of %i bytes is one answer with its usage', async (size) => {
  const { fetch, seen } = vendor(first + last, { size })
  const answer = await router(fetch).complete({ messages: 'Hello', temperature: 0 })
  expect(answer).toMatchObject({ text: 'Hé👋lo', finishReason: 'stop', usage: { input: 7, output: 3 } })
  expect(seen).toEqual([
    {
      url: 'https://api.acme-vendor.example/v1/chat',
      authorization: 'Bearer test-key',
      body: { model: 'small', messages: [{ role: 'user', content: 'Hello' }], temperature: 0, stream: true },
    },
  ])
})

test('one JSON body is the same answer', async () => {
  const { fetch } = vendor('{"text":"Hello","finish":"length"}', { type: 'application/json' })
  const answer = await router(fetch).complete({ messages: 'Hello', stream: false })
  expect(answer).toMatchObject({ text: 'Hello', finishReason: 'length' })
})

test('a stream that is cut is an error, never a shorter answer', async () => {
  expect(await failure(vendor(first).fetch)).toMatchObject({ kind: 'stream_truncated' })
})

test('an error inside a stream is an error', async () => {
  const error = await failure(vendor(`${first}data: {"error":{"code":"no_credit"}}\n\n`).fetch)
  expect(error).toMatchObject({ kind: 'billing' })
})

test('a status that means failure is an error without the key', async () => {
  const error = await failure(
    vendor('{"error":{"message":"test-key?"}}', { status: 401, type: 'application/json' }).fetch,
  )
  expect(LLMError.is(error) && error.kind).toBe('auth')
  expect(JSON.stringify(error)).not.toContain('test-key')
})

test('models are listed', async () => {
  const { fetch } = vendor('{"models":[{"id":"small"},{"id":7}]}', { type: 'application/json' })
  const models = await acmeVendor({ apiKey: 'test-key', fetch }).models?.()
  expect(models).toEqual([{ id: 'small', provider: 'acme-vendor' }])
})
