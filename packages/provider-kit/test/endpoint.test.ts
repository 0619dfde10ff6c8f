import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { endpoint, type EndpointRequest } from '../src/index.ts'
import { failure, serve } from './server.ts'

const signal = new AbortController().signal

test('a path joins the base URL whether or not either has a slash', async () => {
  const seen: (string | undefined)[] = []
  await using server = await serve((incoming, response) => {
    seen.push(incoming.url)
    response.end('{}')
  })
  for (const base of ['/v1', '/v1/']) {
    const api = endpoint({ provider: 'acme', baseURL: server.url + base })
    for (const path of ['models?limit=1', '/models?limit=1']) await api.get(path)
    await api.close()
  }
  expect(seen).toEqual(Array.from({ length: 4 }, () => '/v1/models?limit=1'))
})

test('headers of the endpoint, the request and the credential all arrive', async () => {
  let headers: Record<string, unknown> = {}
  await using server = await serve((incoming, response) => {
    headers = incoming.headers
    response.end('{}')
  })
  const authorize = (key: string): Record<string, string> => ({ 'x-api-key': key })
  const api = endpoint({ provider: 'acme', baseURL: server.url, apiKey: 'k', authorize, headers: { 'X-One': '1' } })
  await (await api.post('x', {}, { signal, headers: { 'x-two': '2' } })).json()
  expect(headers).toMatchObject({ 'x-one': '1', 'x-two': '2', 'x-api-key': 'k' })
  expect(headers['authorization']).toBeUndefined()
  await api.close()
})

test('what a fetch of the user does to its request says nothing in the next one', async () => {
  const seen: string[] = []
  const signs = (async (url: URL, init: { readonly headers: Record<string, string> }) => {
    seen.push(`${url.search} ${init.headers['x-signed'] ?? 'unsigned'}`)
    url.searchParams.append('signed', 'yes')
    init.headers['x-signed'] = 'yes'
    return new Response('{}')
  }) as unknown as typeof globalThis.fetch // as endpoints call it
  const api = endpoint({ provider: 'acme', baseURL: 'https://acme.test', apiKey: 'k', fetch: signs })
  for (let i = 0; i < 2; i++) await (await api.post('x', {}, { signal })).json()
  expect(seen).toEqual([' unsigned', ' unsigned'])
})

test.each([
  ['before it answers', () => new Promise<Response>(() => {})],
  ['in its body', async () => new Response(new ReadableStream({ pull: () => new Promise(() => {}) }))],
])('a fetch that does not look at its signal keeps nobody waiting: %s', async (_, deaf) => {
  const api = endpoint({ provider: 'acme', baseURL: 'https://acme.test', fetch: deaf })
  const asked = async (request: Partial<EndpointRequest>): Promise<unknown> =>
    failure(api.post('x', {}, { signal, ...request }).then((response) => response.text()))
  const controller = new AbortController()
  const cancelled = asked({ signal: controller.signal })
  setImmediate(() => controller.abort())
  expect(await cancelled).toMatchObject({ kind: 'cancelled' })
  const timeout = { connectMs: 1, firstByteMs: 1, idleMs: 1 }
  expect(await asked({ timeout })).toMatchObject({ kind: 'timeout' })
})

test.each([
  ['a web page', 200, 'text/html; charset=utf-8', '<html>'],
  ['no content', 204, 'text/plain', ''],
])('success with %s is a protocol failure', async (_, status, type, body) => {
  await using server = await serve((__, response) => response.writeHead(status, { 'content-type': type }).end(body))
  const error = await failure(endpoint({ provider: 'acme', baseURL: server.url }).post('x', {}, { signal }))
  expect(error).toMatchObject({ kind: 'protocol' })
})

describe('an answer in gzip, which nobody asked for', () => {
  const packed = (bytes: Uint8Array, status = 200) =>
    serve((_, response) => response.writeHead(status, { 'content-encoding': 'gzip' }).end(bytes))
  const fetches = [undefined, globalThis.fetch]

  test.each(fetches)('is unpacked (%#)', async (fetch) => {
    await using server = await packed(gzipSync('{"ok":true}'))
    expect(await endpoint({ provider: 'acme', baseURL: server.url, fetch }).get('x')).toEqual({ ok: true })
  })

  test('is unpacked when it is an error, too', async () => {
    await using server = await packed(gzipSync('{"error":{"message":"slow down"}}'), 429)
    const error = await failure(endpoint({ provider: 'acme', baseURL: server.url }).post('x', {}, { signal }))
    expect(error).toMatchObject({ kind: 'rate_limit', details: { providerMessage: 'slow down' } })
  })

  test('is a protocol failure when it is none, or ends too early', async () => {
    for (const bytes of [Buffer.from('no gzip'), gzipSync('{"ok":true}').subarray(0, 14)]) {
      await using server = await packed(bytes)
      const error = await failure(endpoint({ provider: 'acme', baseURL: server.url }).get('x'))
      expect(error).toMatchObject({ kind: 'protocol' })
    }
  })

  test('closes its connection when it is left', async () => {
    await using server = await serve((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' })
      response.write(gzipSync(Buffer.alloc(200_000, 'a')))
    })
    const answer = await endpoint({ provider: 'acme', baseURL: server.url }).post('x', {}, { signal })
    for await (const piece of answer) {
      expect(piece.length).toBeGreaterThan(0)
      break
    }
    await server.quiet()
    expect(server.sockets.size).toBe(0)
  })
})

test('an encoding that nobody asked for, and that is not gzip, is refused', async () => {
  await using server = await serve((_, response) => response.writeHead(200, { 'content-encoding': 'br' }).end('x'))
  const error = await failure(endpoint({ provider: 'acme', baseURL: server.url }).post('x', {}, { signal }))
  expect(error).toMatchObject({ kind: 'protocol' })
})

test('an empty body is not JSON', async () => {
  await using server = await serve((_, response) => response.end())
  expect(await failure(endpoint({ provider: 'acme', baseURL: server.url }).get('x'))).toMatchObject({
    kind: 'protocol',
  })
})

test('of an endless error body only the beginning is read', async () => {
  let written = 0
  await using server = await serve((_, response) => {
    response.writeHead(503)
    const more = (): void => {
      while (!response.destroyed && response.write(Buffer.alloc(16_384, 'x'))) written += 16_384
      if (!response.destroyed) response.once('drain', more)
    }
    more()
  })
  const error = await failure(endpoint({ provider: 'acme', baseURL: server.url }).get('x'))
  expect(error).toMatchObject({ kind: 'overloaded', status: 503 })
  await server.quiet()
  expect(written).toBeLessThan(64 * 1024 * 1024)
})

test('the message of an HTML error never holds the page', async () => {
  await using server = await serve((_, response) =>
    response.writeHead(502, { 'content-type': 'text/html' }).end('<html>bad gateway</html>'),
  )
  const error = await failure(endpoint({ provider: 'acme', baseURL: server.url }).get('x'))
  expect(error).toMatchObject({ kind: 'server' })
  expect(error.message).not.toContain('html')
})

test('requests run side by side, each on its own connection, and the connections are used again', async () => {
  let open = 0
  let most = 0
  await using server = await serve((_, response) => {
    most = Math.max(most, ++open)
    setImmediate(() => {
      open--
      response.end('{}')
    })
  })
  const api = endpoint({ provider: 'acme', baseURL: server.url })
  for (let round = 0; round < 3; round++) await Promise.all(Array.from({ length: 8 }, () => api.get('x')))
  expect(most).toBeGreaterThan(1)
  expect(server.connections()).toBeLessThanOrEqual(8)
  await api.close()
  expect(await api.get('x')).toEqual({})
  await api.close()
})
