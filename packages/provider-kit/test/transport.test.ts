import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { Agent, fetch as undiciFetch, type RequestInit as UndiciInit } from 'undici'
import { describe, expect, test } from 'vitest'
import { endpoint, type Endpoint, type EndpointOptions, type EndpointRequest } from '../src/index.ts'
import { manualClock } from './manual-clock.ts'
import { failure, serve, serveTCP } from './server.ts'

const timeout = { connectMs: 1000, firstByteMs: 2000, idleMs: 3000 }
const kinds = ['undici', 'fetch'] as const
// With the agent of Node 20 the socket of a body that is left as soon as it begins sometimes stays open.
const agent = new Agent()
const fetch = ((url: URL, init: RequestInit) =>
  undiciFetch(url, { ...init, dispatcher: agent } as UndiciInit)) as typeof globalThis.fetch // the same function under types of its own
const to = (baseURL: string, more: Partial<EndpointOptions> = {}): Endpoint =>
  endpoint({ provider: 'acme', baseURL, ...more })
const request = (more: Partial<EndpointRequest> = {}): EndpointRequest => ({
  signal: new AbortController().signal,
  ...more,
})
const stream = { 'content-type': 'text/event-stream' }

describe.each(kinds)('over %s', (kind) => {
  const options = kind === 'fetch' ? { fetch } : {}

  test('a posted body arrives, and the answer streams back', async () => {
    let seen = ''
    await using server = await serve(async (incoming, response) => {
      for await (const chunk of incoming) seen += String(chunk)
      seen += ` ${incoming.url} ${incoming.headers['content-type']} ${incoming.headers['accept-encoding']}`
      response.writeHead(200, stream).end('data: 1\n\n')
    })
    const api = to(`${server.url}/v1`, options)
    const response = await api.post('/chat', { text: 'Hé👋lo' }, request())
    expect(response).toMatchObject({ status: 200, contentType: 'text/event-stream' })
    expect(await response.text()).toBe('data: 1\n\n')
    expect(seen).toBe('{"text":"Hé👋lo"} /v1/chat application/json identity')
    await api.close()
  })

  test('a redirect is refused and nothing reaches the other origin', async () => {
    let reached = 0
    await using other = await serve((_, response) => {
      reached++
      response.end()
    })
    await using server = await serve((_, response) =>
      response.writeHead(307, { location: `${other.url}/steal?key=1` }).end(),
    )
    const error = await failure(to(server.url, options).post('x', {}, request()))
    expect(error).toMatchObject({ kind: 'redirect', retryable: false })
    expect(reached).toBe(0)
  })

  test('no answer within firstByteMs is a timeout, and frees socket and timer', async () => {
    const clock = manualClock()
    let arrived = (): void => {}
    const arrival = new Promise<void>((resolve) => (arrived = resolve))
    await using server = await serve(() => arrived())
    const pending = failure(to(server.url, options).post('x', {}, request({ clock, timeout })))
    await arrival
    clock.advance(2000)
    expect(await pending).toMatchObject({ kind: 'timeout', phase: 'headers', billed: 'unknown' })
    await server.quiet()
    expect(clock.pending).toBe(0)
  })

  test('silence in the body for idleMs is a timeout; a slow reader is not', async () => {
    const clock = manualClock()
    await using server = await serve((_, response) => void response.writeHead(200, stream).write('data: 1\n\n'))
    const response = await to(server.url, options).post('x', {}, request({ clock, timeout }))
    const body = response[Symbol.asyncIterator]()
    expect(Buffer.from((await body.next()).value).toString()).toBe('data: 1\n\n')
    clock.advance(1_000_000) // nobody pulls: no timer runs
    const pending = failure(body.next())
    clock.advance(3000)
    expect(await pending).toMatchObject({ kind: 'timeout', phase: 'idle' })
    await server.quiet()
    expect(clock.pending).toBe(0)
  })

  test('bytes that arrived while the process was blocked are read before a timer fires', async () => {
    const clock = manualClock()
    let answer: ServerResponse | undefined
    await using server = await serve((_, response) => {
      answer = response
      response.writeHead(200, stream).write('data: 1\n\n')
    })
    const response = await to(server.url, options).post('x', {}, request({ clock, timeout }))
    const body = response[Symbol.asyncIterator]()
    await body.next()
    const pending = body.next()
    await new Promise<void>((resolve) => answer?.write('data: 2\n\n', () => resolve()))
    clock.advance(3000) // the timer fires in the same turn in which the bytes wait to be read
    const { done, value } = await pending
    expect(done).toBe(false)
    expect(Buffer.from(value).toString()).toBe('data: 2\n\n')
    await body.return?.()
  })

  test('an abort before sending sends nothing', async () => {
    await using server = await serve((_, response) => void response.end())
    const signal = AbortSignal.abort()
    expect(await failure(to(server.url, options).post('x', {}, request({ signal })))).toMatchObject({
      kind: 'cancelled',
    })
    expect(server.connections()).toBe(0)
  })

  test('an abort while the answer is awaited closes the socket', async () => {
    const controller = new AbortController()
    await using server = await serve(() => controller.abort())
    const error = await failure(to(server.url, options).post('x', {}, request({ signal: controller.signal })))
    expect(error).toMatchObject({ kind: 'cancelled', provider: 'acme' })
    await server.quiet()
  })

  test('an abort in the middle of a body rejects the pull and closes the socket', async () => {
    const controller = new AbortController()
    await using server = await serve((_, response) => void response.writeHead(200, stream).write('data: 1\n\n'))
    const response = await to(server.url, options).post('x', {}, request({ signal: controller.signal }))
    const body = response[Symbol.asyncIterator]()
    await body.next()
    const pending = failure(body.next())
    controller.abort()
    expect(await pending).toMatchObject({ kind: 'cancelled' })
    await server.quiet()
  })

  test('leaving a body closes the socket', async () => {
    await using server = await serve((_, response) => void response.writeHead(200, stream).write('data: 1\n\n'))
    const response = await to(server.url, options).post('x', {}, request())
    for await (const chunk of response) {
      expect(chunk.length).toBe(9)
      break
    }
    await server.quiet()
  })

  test('a connection reset in the middle of a body is stream_truncated, after what arrived', async () => {
    await using server = await serve((_, response) => {
      response.writeHead(200, stream).write('data: 1\n\n', () => response.socket?.resetAndDestroy())
    })
    const response = await to(server.url, options).post('x', {}, request())
    const seen: string[] = []
    const error = await failure(
      (async () => {
        for await (const chunk of response) seen.push(Buffer.from(chunk).toString())
      })(),
    )
    expect(error).toMatchObject({ kind: 'stream_truncated' })
    expect(seen.join('')).toMatch(/^(data: 1\n\n)?$/)
  })

  test('a body shorter than its content-length is stream_truncated', async () => {
    await using server = await serveTCP((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"a":')),
    )
    const response = await to(server.url, options).post('x', {}, request())
    expect(await failure(response.text())).toMatchObject({ kind: 'stream_truncated' })
  })

  test('a connection closed before any answer is a network failure of unknown cost', async () => {
    await using server = await serveTCP((socket) => socket.once('data', () => socket.destroy()))
    const error = await failure(to(server.url, options).post('x', {}, request()))
    expect(error).toMatchObject({ kind: 'network', phase: 'headers', billed: 'unknown', retryable: true })
  })

  test('one signal for many requests keeps no listener', async () => {
    const { signal } = new AbortController()
    let listeners = 0
    const add = signal.addEventListener.bind(signal)
    const remove = signal.removeEventListener.bind(signal)
    signal.addEventListener = (...args: Parameters<typeof add>) => (listeners++, add(...args))
    signal.removeEventListener = (...args: Parameters<typeof remove>) => (listeners--, remove(...args))
    await using server = await serve((_, response) => void response.end('{}'))
    const api = to(server.url, options)
    for (let i = 0; i < 20; i++) await (await api.post('x', {}, request({ signal }))).json()
    expect(listeners).toBe(0)
    await api.close()
  })
})

test('a connection that cannot be made names its cause and costs nothing', async () => {
  const { port } = await closedPort()
  const error = await failure(to(`http://127.0.0.1:${port}`).post('x', {}, request()))
  expect(error).toMatchObject({
    kind: 'network',
    phase: 'connect',
    code: 'ECONNREFUSED',
    billed: 'no',
    retryable: true,
  })
})

test('a connection that does not stand within connectMs is a timeout of the connect phase, and is given up', async () => {
  const clock = manualClock()
  let arrived = (): void => {}
  const arrival = new Promise<void>((resolve) => (arrived = resolve))
  // It accepts, but never shakes hands.
  await using server = await serveTCP((socket) => {
    socket.resume()
    arrived()
  })
  const pending = failure(to(server.url.replace('http:', 'https:')).post('x', {}, request({ clock, timeout })))
  await arrival
  clock.advance(1000)
  expect(await pending).toMatchObject({ kind: 'timeout', phase: 'connect', billed: 'no' })
  await server.quiet()
  expect(clock.pending).toBe(0)
})

test('a server that does not speak TLS or has a bad certificate is a tls failure that is not retried', async () => {
  await using server = await serveTCP((socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad\r\n\r\n')))
  const error = await failure(to(server.url.replace('http:', 'https:')).post('x', {}, request()))
  expect(error).toMatchObject({ kind: 'network', code: 'tls', retryable: false, billed: 'no' })
})

test('connections are used again, and a hundred failing answers leave no more than one open', async () => {
  await using server = await serve((_, response) => void response.writeHead(500).end('x'.repeat(1000)))
  const api = to(server.url)
  for (let i = 0; i < 100; i++) await failure(api.post('x', {}, request()))
  expect(server.connections()).toBe(1)
  await api.close()
  await server.quiet()
})

test.each([
  ['4 s', undefined, 3_900, 4_100],
  ['what the server says', '30', 29_000, 31_000],
  ['no longer than ten minutes', '86400', 599_000, 601_000],
])(
  'an idle connection is used again for %s, by a clock that goes on while the machine sleeps',
  async (_, hint, good, bad) => {
    await using server = await serveTCP((socket) =>
      socket.on('data', () => {
        const header = hint === undefined ? '' : `keep-alive: timeout=${hint}\r\n`
        socket.write(`HTTP/1.1 200 OK\r\n${header}content-length: 2\r\n\r\n{}`)
      }),
    )
    const api = to(server.url)
    let wall = Date.parse('2026-03-10T12:00:00Z')
    const clock = { ...manualClock(), date: () => new Date(wall) }
    const post = async (): Promise<unknown> => (await api.post('x', {}, request({ clock }))).json()
    await post()
    wall += good
    await post()
    expect(server.connections()).toBe(1)
    wall += bad
    await post()
    expect(server.connections()).toBe(2)
    await api.close()
    await server.quiet()
  },
)

test('a reused connection that dies before any byte is replaced once, silently', async () => {
  const seen: string[] = []
  await using server = await serveTCP((socket) => {
    const id = seen.push('open')
    let requests = 0
    socket.on('data', () => {
      if (id === 1 && ++requests === 2) return socket.destroy()
      seen.push(`answer ${id}`)
      return socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}')
    })
  })
  const api = to(server.url)
  expect(await api.get('x')).toEqual({})
  expect(await api.get('x')).toEqual({})
  expect(seen).toEqual(['open', 'answer 1', 'open', 'answer 3'])
  await api.close()
})

test('a fresh connection that dies before any byte is not replaced', async () => {
  await using server = await serveTCP((socket) => socket.once('data', () => socket.destroy()))
  await failure(to(server.url).post('x', {}, request()))
  expect(server.connections()).toBe(1)
})

test('a reused connection that dies after the first byte of the answer is not replaced', async () => {
  let requests = 0
  await using server = await serveTCP((socket) =>
    socket.on('data', () => {
      if (++requests === 1) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}')
      else socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{')
    }),
  )
  const api = to(server.url)
  await api.get('x')
  expect(await failure(api.get('x'))).toMatchObject({ kind: 'stream_truncated' })
  expect(requests).toBe(2)
})

test('headers beyond 16 KiB are a protocol failure', async () => {
  await using server = await serveTCP((socket) =>
    socket.once('data', () => socket.end(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`)),
  )
  expect(await failure(to(server.url).get('x'))).toMatchObject({ kind: 'protocol', retryable: false })
})

test('something that is not HTTP is a protocol failure', async () => {
  await using server = await serveTCP((socket) => socket.once('data', () => socket.write('SSH-2.0-OpenSSH_9.6\r\n')))
  expect(await failure(to(server.url).get('x'))).toMatchObject({ kind: 'protocol' })
})

test('the pieces of one network read come as one item', async () => {
  await using server = await serveTCP((socket) =>
    socket.once('data', () => {
      const chunks = Array.from({ length: 50 }, (_, i) => `5\r\nd: ${i % 10}\n\r\n`).join('')
      socket.end(`HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${chunks}0\r\n\r\n`)
    }),
  )
  const items: number[] = []
  for await (const chunk of await to(server.url).post('x', {}, request())) items.push(chunk.length)
  expect(items.reduce((sum, length) => sum + length, 0)).toBe(250)
  expect(items.length).toBeLessThan(5)
})

test('a reader that does not pull stops the sender', async () => {
  let answer: ServerResponse | undefined
  await using server = await serve((_, response) => {
    answer = response
    response.writeHead(200, stream)
    for (let i = 0; i < 400; i++) response.write(Buffer.alloc(65_536, 'x'))
    response.end()
  })
  const response = await to(server.url).post('x', {}, request())
  const body = response[Symbol.asyncIterator]()
  let total = (await body.next()).value?.length ?? 0
  for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve))
  expect(answer?.writableLength).toBeGreaterThan(0)
  for (;;) {
    const { done, value } = await body.next()
    if (done) break
    total += value.length
  }
  expect(total).toBe(400 * 65_536)
})

test('a proxy that refuses the tunnel is named', async () => {
  const proxy = createServer().listen(0, '127.0.0.1')
  proxy.on('connect', (_, socket: Socket) => socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'))
  await once(proxy, 'listening')
  const { port } = proxy.address() as AddressInfo
  const error = await failure(to('https://api.invalid', { proxy: `http://127.0.0.1:${port}` }).get('x'))
  expect(error).toMatchObject({ kind: 'network', code: 'proxy', retryable: false })
  proxy.close()
})

async function closedPort(): Promise<AddressInfo> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return address
}
