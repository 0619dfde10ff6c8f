import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { withOtherPromise } from '../../core/test/kit/other-promise.ts'
import { endpoint, redact, wireError } from '../src/index.ts'
import { failure, serve } from './server.ts'

const canary = 'canary-4f9d2c7b8a61e350'
const signal = new AbortController().signal

/** Every way in which an error or object may be printed. */
function printed(value: unknown): string {
  const error = value as Partial<Error> & { details?: unknown }
  return [
    String(value),
    error.message,
    error.stack,
    JSON.stringify(value),
    JSON.stringify(error.details),
    inspect(value, { depth: null, showHidden: true }),
  ].join('\n')
}

describe('a key', () => {
  test.each([
    ['a newline', `${canary}\nx`],
    ['a character beyond ASCII', `${canary}é`],
    ['a space', `${canary} x`],
    ['too many characters', canary.repeat(30)],
  ])('with %s is refused as config, unquoted', async (_, key) => {
    let caught: unknown
    try {
      endpoint({ provider: 'acme', baseURL: 'https://api.invalid', apiKey: key })
    } catch (error) {
      caught = error
    }
    expect(caught).toMatchObject({ kind: 'config' })
    expect(printed(caught)).not.toContain(canary)
    const asked = endpoint({ provider: 'acme', baseURL: 'https://api.invalid', apiKey: () => key })
    const error = await failure(asked.get('x'))
    expect(error).toMatchObject({ kind: 'config' })
    expect(printed(error)).not.toContain(canary)
  })

  test('is not in a printed endpoint', () => {
    const api = endpoint({ provider: 'acme', baseURL: 'https://api.invalid', apiKey: canary })
    expect(printed(api)).not.toContain(canary)
  })

  test.each([
    ['in a message', (key: string) => JSON.stringify({ error: { message: `Incorrect API key: ${key}.` } })],
    ['cut short', (key: string) => JSON.stringify({ error: { message: `bad key ${key.slice(0, 14)}***` } })],
    ['as a code', (key: string) => JSON.stringify({ error: { code: key, message: 'x' } })],
    ['as a bearer', (key: string) => JSON.stringify({ message: `Authorization: Bearer ${key}` })],
  ])('that the server echoes %s is redacted', async (_, body) => {
    await using server = await serve((incoming, response) => {
      const key = incoming.headers.authorization?.slice(7) ?? ''
      response.writeHead(401, { 'content-type': 'application/json', 'x-request-id': key }).end(body(key))
    })
    const error = await failure(endpoint({ provider: 'acme', baseURL: server.url, apiKey: canary }).get('x'))
    expect(error).toMatchObject({ kind: 'auth', status: 401 })
    expect(printed(error)).not.toContain(canary.slice(0, 12))
  })

  test('is redacted from an error inside a successful answer, too', async () => {
    await using server = await serve((_, response) => response.end('{}'))
    const api = endpoint({ provider: 'acme', baseURL: server.url, apiKey: canary })
    const response = await api.post('x', {}, { signal })
    await response.text()
    const { headers, status } = response
    const error = wireError('acme', 'm', { status, headers, now: new Date(0), body: { error: `key ${canary}` } })
    expect(printed(error)).not.toContain(canary)
    expect(error.details.providerMessage).toContain('[redacted]')
  })

  test('that a function gives is asked for again after a 401, once', async () => {
    const seen: (string | undefined)[] = []
    await using server = await serve((incoming, response) => {
      seen.push(incoming.headers.authorization)
      response.writeHead(incoming.headers.authorization === 'Bearer new' ? 200 : 401).end('{}')
    })
    let asked = 0
    const api = endpoint({ provider: 'acme', baseURL: server.url, apiKey: () => (asked++ === 0 ? 'old' : 'new') })
    expect(await api.get('x')).toEqual({})
    expect(seen).toEqual(['Bearer old', 'Bearer new'])
    await api.close()
  })

  test('that is promised is waited for though another library has replaced the global Promise', async () => {
    const seen: (string | undefined)[] = []
    await using server = await serve((incoming, response) => {
      seen.push(incoming.headers.authorization)
      response.end('{}')
    })
    const api = endpoint({ provider: 'acme', baseURL: server.url, apiKey: async () => 'made' })
    await withOtherPromise(async () => expect(await api.get('x')).toEqual({}))
    expect(seen).toEqual(['Bearer made'])
    await api.close()
  })

  test('that stays wrong is not sent twice', async () => {
    let requests = 0
    await using server = await serve((_, response) => {
      requests++
      response.writeHead(401).end('{}')
    })
    const api = endpoint({ provider: 'acme', baseURL: server.url, apiKey: () => 'same' })
    expect(await failure(api.get('x'))).toMatchObject({ kind: 'auth' })
    expect(requests).toBe(1)
  })

  test('that is missing is named with its remedy, before anything is sent', async () => {
    const options = { provider: 'acme', baseURL: 'https://api.invalid', missingKey: 'set ACME_API_KEY or pass apiKey' }
    const error = await failure(endpoint({ ...options, apiKey: () => '' }).get('x'))
    expect(error).toMatchObject({ kind: 'config', message: 'acme needs an API key; set ACME_API_KEY or pass apiKey' })
  })
})

test.each([
  ['not a url', 'nonsense-canary'],
  ['a file', 'file:///canary'],
  ['ftp', 'ftp://host/canary'],
  ['http beyond this machine', 'http://example.com/canary'],
  ['credentials', 'https://user:canary@example.com'],
  ['a query', 'https://example.com/?key=canary'],
])('a baseURL with %s is refused and not echoed', (_, baseURL) => {
  let caught: unknown
  try {
    endpoint({ provider: 'acme', baseURL })
  } catch (error) {
    caught = error
  }
  expect(caught).toMatchObject({ kind: 'config' })
  expect(printed(caught)).not.toContain('canary')
})

test('plain http beyond this machine needs allowInsecure', () => {
  const options = { provider: 'acme', baseURL: 'http://10.0.0.7:8000/v1' }
  expect(() => endpoint(options)).toThrow(/allowInsecure/)
  expect(() => endpoint({ ...options, allowInsecure: true })).not.toThrow()
})

test.each(['http://localhost:1', 'http://127.0.0.1/v1', 'http://[::1]/', 'https://api.invalid/v1'])(
  '%s is fine',
  (baseURL) => {
    expect(() => endpoint({ provider: 'acme', baseURL })).not.toThrow()
  },
)

test.each(['a\r\nb: c', 'a\nb', 'a\0b', 'a👋'])('a header value %j is refused and not quoted', async (value) => {
  const baseURL = 'https://api.invalid'
  expect(() => endpoint({ provider: 'acme', baseURL, headers: { 'x-own': value } })).toThrow(/x-own .* invalid/)
  const error = await failure(endpoint({ provider: 'acme', baseURL }).get('x', { headers: { 'x-own': value } }))
  expect(error).toMatchObject({ kind: 'config' })
})

test('a key is found wherever it stands, and the text around it stays', () => {
  const text = fc.string({ maxLength: 40 }).filter((one) => !/[a-z0-9]/i.test(one))
  fc.assert(
    fc.property(text, text, fc.integer({ min: 12, max: canary.length }), (before, after, length) => {
      expect(redact(before + canary.slice(0, length) + after, [canary])).toBe(`${before}[redacted]${after}`)
    }),
    { numRuns: 3_000 },
  )
})

test.each([
  ['Bearer abcdef123', 'Bearer [redacted]'],
  ['key sk-abcdefghijkl is wrong', 'key [redacted] is wrong'],
  ['/v1?key=abc&x=1', '/v1?key=[redacted]&x=1'],
  ['task-list stays', 'task-list stays'],
])('%j without what looks like a key', (text, expected) => {
  expect(redact(text, [])).toBe(expected)
})

test('of a short key only longer texts are redacted: it may be a word', () => {
  expect(redact('ollama says hello', ['ollama'])).toBe('ollama says hello')
})
