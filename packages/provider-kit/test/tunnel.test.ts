import { connect as dial } from 'node:net'
import type { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { LLMError } from '@wayfare/core'
import { endpoint, type Endpoint, type EndpointOptions } from '../src/index.ts'
import { manualClock } from './manual-clock.ts'
import { failure, serve, serveTCP, type TestServer } from './server.ts'

const timeout = { connectMs: 1000, firstByteMs: 2000, idleMs: 3000 }
const to = (baseURL: string, proxy: string, more: Partial<EndpointOptions> = {}): Endpoint =>
  endpoint({ provider: 'acme', baseURL, proxy, ...more })
const signal = new AbortController().signal

/** A proxy that opens every tunnel; `asked` is what it was asked, head by head. */
async function openProxy(): Promise<TestServer & { readonly asked: string[] }> {
  const asked: string[] = []
  const server = await serveTCP((socket) => {
    socket.once('data', (head: Buffer) => {
      asked.push(String(head))
      const [, host, port] = /^CONNECT (.*):(\d+) /.exec(String(head)) ?? []
      const target: Socket = dial({ host: host!, port: Number(port) }, () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
        socket.pipe(target).pipe(socket)
      })
      for (const end of [socket, target]) end.on('close', () => (socket.destroy(), target.destroy()))
      target.on('error', () => socket.destroy())
    })
  })
  return Object.assign(server, { asked })
}

test('requests go through the tunnel of the proxy, again and again through the same one', async () => {
  await using proxy = await openProxy()
  await using server = await serve((request, response) => response.end(JSON.stringify(request.url)))
  const api = to(server.url, proxy.url)
  expect(await api.get('a')).toBe('/a')
  expect(await api.get('b')).toBe('/b')
  const host = server.url.slice('http://'.length)
  expect(proxy.asked.map((head) => head.split('\r\n', 2))).toEqual([[`CONNECT ${host} HTTP/1.1`, `host: ${host}`]])
  expect(proxy.asked[0]).not.toContain('proxy-authorization')
  await api.close()
})

test('the user name and the password of the proxy go to the proxy alone', async () => {
  let seen = ''
  await using proxy = await openProxy()
  await using server = await serve((request, response) => {
    seen = JSON.stringify(request.rawHeaders)
    response.end('{}')
  })
  const api = to(server.url, proxy.url.replace('//', '//me:p%40ss@'))
  await api.get('x')
  expect(proxy.asked[0]).toContain(`proxy-authorization: Basic ${Buffer.from('me:p@ss').toString('base64')}\r\n`)
  expect(seen.toLowerCase()).not.toContain('proxy')
  await api.close()
})

test('close ends the idle sockets of the proxy', async () => {
  await using proxy = await openProxy()
  await using server = await serve((_, response) => response.end('{}'))
  const api = to(server.url, proxy.url)
  await api.get('x')
  expect(proxy.sockets.size).toBe(1)
  await api.close()
  await proxy.quiet()
  await server.quiet()
})

test('leaving a body closes the socket of the proxy', async () => {
  await using proxy = await openProxy()
  await using server = await serve((_, response) => void response.writeHead(200).write('data: 1\n\n'))
  for await (const chunk of await to(server.url, proxy.url).post('x', {}, { signal })) {
    expect(chunk.length).toBe(9)
    break
  }
  await proxy.quiet()
  await server.quiet()
})

test('a tunnel that the server closes at the moment of reuse is replaced once', async () => {
  let requests = 0
  await using proxy = await openProxy()
  await using server = await serveTCP((socket) =>
    socket.on('data', () => {
      if (++requests === 2) socket.destroy()
      else socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}')
    }),
  )
  const api = to(server.url, proxy.url)
  await api.get('x')
  expect(await api.get('x')).toEqual({})
  expect(proxy.asked).toHaveLength(2)
  await api.close()
})

test.each([
  ['that accepts and says nothing', ''],
  ['that opens a tunnel to nothing', 'HTTP/1.1 200 OK\r\n\r\n'],
])('a proxy %s is given up after connectMs', async (_, says) => {
  const clock = manualClock()
  let arrived = (): void => {}
  const arrival = new Promise<void>((resolve) => (arrived = resolve))
  await using proxy = await serveTCP((socket) => {
    socket.once('data', () => {
      if (says === '') return arrived()
      socket.write(says)
      // The handshake that nobody answers.
      return void socket.once('data', () => arrived())
    })
  })
  const pending = failure(to('https://api.invalid', proxy.url).post('x', {}, { signal, clock, timeout }))
  await arrival
  clock.advance(1000)
  expect(await pending).toMatchObject({ kind: 'timeout', phase: 'connect', billed: 'no' })
  await proxy.quiet()
  expect(clock.pending).toBe(0)
})

test('what a proxy answers instead of a tunnel is named', async () => {
  await using proxy = await serveTCP((socket) =>
    socket.once('data', () => socket.end('HTTP/1.1 502 Bad Gateway\r\ncontent-length: 4\r\n\r\noops')),
  )
  const error = await failure(to('https://api.invalid', proxy.url).get('x'))
  expect(error).toMatchObject({ kind: 'network', code: 'proxy', phase: 'connect', retryable: true, billed: 'no' })
  expect(error.message).toContain('502')
  await proxy.quiet()
})

test.each(['not a url: secret', 'socks5://me:secret@proxy.test', 'file:///secret'])(
  'a proxy of %j is refused at once and not quoted',
  (proxy) => {
    let error: unknown
    try {
      to('https://api.invalid', proxy)
    } catch (thrown) {
      error = thrown
    }
    expect(LLMError.is(error) && error.kind).toBe('config')
    expect(String(error)).not.toContain('secret')
  },
)
