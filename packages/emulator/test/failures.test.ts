import { describe, expect, test } from 'vitest'
import type { FailureName, WireName } from '../src/index.ts'
import { startEmulator } from '../src/index.ts'
import { ask, at, eventsOf, wireNames } from './client.ts'

const names: readonly FailureName[] = [
  'rate_limit',
  'overloaded',
  'server',
  'auth',
  'billing',
  'permission',
  'not_found',
  'bad_request',
  'context_length',
  'content_filter',
  'too_large',
]

/** Status and the field by which a client tells them apart. */
const expected: Readonly<Record<WireName, { place: string; rows: Readonly<Record<FailureName, [number, unknown]>> }>> =
  {
    anthropic: {
      place: 'error.type',
      rows: {
        rate_limit: [429, 'rate_limit_error'],
        overloaded: [529, 'overloaded_error'],
        server: [500, 'api_error'],
        auth: [401, 'authentication_error'],
        billing: [400, 'invalid_request_error'],
        permission: [403, 'permission_error'],
        not_found: [404, 'not_found_error'],
        bad_request: [400, 'invalid_request_error'],
        context_length: [400, 'invalid_request_error'],
        content_filter: [400, 'invalid_request_error'],
        too_large: [413, 'request_too_large'],
      },
    },
    openai: {
      place: 'error.code',
      rows: {
        rate_limit: [429, 'rate_limit_exceeded'],
        overloaded: [503, 'server_is_overloaded'],
        server: [500, null],
        auth: [401, 'invalid_api_key'],
        billing: [429, 'credit_balance_exhausted'],
        permission: [403, null],
        not_found: [404, 'model_not_found'],
        bad_request: [400, null],
        context_length: [400, 'context_length_exceeded'],
        content_filter: [400, 'content_policy_violation'],
        too_large: [413, 'request_too_large'],
      },
    },
    openrouter: {
      place: 'error.metadata.error_type',
      rows: {
        rate_limit: [429, 'rate_limit_exceeded'],
        overloaded: [503, 'provider_overloaded'],
        server: [500, 'server'],
        auth: [401, 'authentication'],
        billing: [402, 'payment_required'],
        permission: [403, 'permission_denied'],
        not_found: [404, 'not_found'],
        bad_request: [400, 'invalid_request'],
        context_length: [400, 'context_length_exceeded'],
        content_filter: [403, 'content_policy_violation'],
        too_large: [413, 'payload_too_large'],
      },
    },
    google: {
      place: 'error.status',
      rows: {
        rate_limit: [429, 'RESOURCE_EXHAUSTED'],
        overloaded: [503, 'UNAVAILABLE'],
        server: [500, 'INTERNAL'],
        auth: [400, 'INVALID_ARGUMENT'],
        billing: [402, 'RESOURCE_EXHAUSTED'],
        permission: [403, 'PERMISSION_DENIED'],
        not_found: [404, 'NOT_FOUND'],
        bad_request: [400, 'INVALID_ARGUMENT'],
        context_length: [400, 'INVALID_ARGUMENT'],
        content_filter: [200, undefined],
        too_large: [413, 'INVALID_ARGUMENT'],
      },
    },
    ollama: {
      place: 'error',
      rows: {
        rate_limit: [429, expect.stringContaining('too many requests')],
        overloaded: [503, expect.stringContaining('server busy')],
        server: [500, expect.stringContaining('an error was encountered')],
        auth: [401, 'unauthorized'],
        billing: [402, expect.stringContaining('subscription')],
        permission: [403, expect.any(String)],
        not_found: [404, "model 'qwen3:8b' not found"],
        bad_request: [400, 'invalid request'],
        context_length: [400, expect.stringContaining('exceeds the available context size')],
        content_filter: [400, expect.any(String)],
        too_large: [413, 'request body too large'],
      },
    },
  }

describe.each(wireNames)('%s', (wire) => {
  test.each(names)('refuses with its own status and body for %s', async (error) => {
    await using emulator = await startEmulator()
    emulator.enqueue(wire, { error })
    const response = await ask(emulator, wire, { stream: false })
    const [status, word] = expected[wire].rows[error]
    expect(response.status).toBe(status)
    expect(at(await response.json(), expected[wire].place)).toEqual(word)
    expect(emulator.requests).toMatchObject([{ status, closedEarly: false }])
  })

  test('can break off a stream with its error', async () => {
    await using emulator = await startEmulator()
    emulator.enqueue(wire, { text: 'a b c', fault: { after: 2, kind: 'error', error: 'rate_limit' } })
    const response = await ask(emulator, wire)
    expect(response.status).toBe(200)
    const last = eventsOf(await response.text()).at(-1)
    expect(at(last, expected[wire].place)).toEqual(expected[wire].rows.rate_limit[1])
  })
})

test.each(wireNames.filter((wire) => wire !== 'google'))('%s says in a header when to come back', async (wire) => {
  await using emulator = await startEmulator()
  emulator.enqueue(wire, { error: 'rate_limit', retryAfter: '7' })
  expect((await ask(emulator, wire)).headers.get('retry-after')).toBe('7')
})

test('google says in the body when to come back', async () => {
  await using emulator = await startEmulator()
  emulator.enqueue('google', { error: 'rate_limit', retryAfter: '7' })
  const response = await ask(emulator, 'google')
  expect(response.headers.get('retry-after')).toBeNull()
  expect(at(await response.json(), 'error.details.1')).toMatchObject({ retryDelay: '7s' })
})

test('a blocked prompt is an answer without candidates on google, streamed or not', async () => {
  await using emulator = await startEmulator()
  emulator.enqueue('google', { error: 'content_filter' }, { error: 'content_filter' })
  const body: unknown = await (await ask(emulator, 'google', { stream: false })).json()
  expect(body).toMatchObject({ promptFeedback: { blockReason: 'PROHIBITED_CONTENT' } })
  const response = await ask(emulator, 'google')
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/)
  expect(eventsOf(await response.text())).toMatchObject([{ promptFeedback: { blockReason: 'PROHIBITED_CONTENT' } }])
})

test('an openrouter error inside a stream finishes its choice with error', async () => {
  await using emulator = await startEmulator()
  emulator.enqueue('openrouter', { text: 'a b', fault: { after: 1, kind: 'error' } })
  expect(eventsOf(await (await ask(emulator, 'openrouter')).text()).at(-1)).toMatchObject({
    error: { code: 503 },
    choices: [{ finish_reason: 'error' }],
  })
})

test.each([
  ['JSON', { body: { any: 1 } }, 'application/json; charset=utf-8', '{"any":1}'],
  ['text', { body: 'plain' }, 'text/plain; charset=utf-8', 'plain'],
  ['a page', { body: '<html>', contentType: 'text/html' }, 'text/html', '<html>'],
  ['bytes', { body: new Uint8Array([104, 105]), contentType: 'text/plain' }, 'text/plain', 'hi'],
])('a scripted body of %s is sent as it is', async (_, error, type, text) => {
  await using emulator = await startEmulator()
  emulator.enqueue('openai', { status: 418, error, retryAfter: 'soon', headers: { 'x-should-retry': 'false' } })
  const response = await ask(emulator, 'openai')
  expect(response.status).toBe(418)
  expect(response.headers.get('content-type')).toBe(type)
  expect(response.headers.get('retry-after')).toBe('soon')
  expect(response.headers.get('x-should-retry')).toBe('false')
  expect(await response.text()).toBe(text)
})

test('a failure may have another status than its own', async () => {
  await using emulator = await startEmulator()
  emulator.enqueue('openrouter', { status: 200, error: 'overloaded' })
  const response = await ask(emulator, 'openrouter')
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toMatch(/^application\/json/)
  expect(await response.json()).toMatchObject({ error: { code: 503 } })
})

test('a redirect and an answer without content can be scripted', async () => {
  await using emulator = await startEmulator()
  emulator.enqueue('openai', {
    status: 307,
    error: { body: '' },
    headers: { location: 'http://127.0.0.1:1/elsewhere' },
  })
  emulator.enqueue('openai', { status: 204, error: { body: '' } })
  const { url } = emulator
  const init = {
    method: 'POST',
    redirect: 'manual',
    headers: { authorization: 'Bearer k' },
    body: '{"model":"m","messages":[{"role":"user","content":"x"}]}',
  } as const
  const moved = await fetch(`${url}/openai/v1/chat/completions`, init)
  expect([moved.status, moved.headers.get('location')]).toEqual([307, 'http://127.0.0.1:1/elsewhere'])
  const nothing = await fetch(`${url}/openai/v1/chat/completions`, init)
  expect([nothing.status, await nothing.text()]).toEqual([204, ''])
})
