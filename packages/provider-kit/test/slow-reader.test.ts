import type { LLMError } from '@wayfare/core'
import { expect, test } from 'vitest'
import { endpoint } from '../src/index.ts'
import { serve, serveTCP } from './server.ts'

const highWater = 65_536
const unframed = 'until the end of the connection'
const framings = {
  'with its length': (body: string) => `content-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
  'in chunks': (body: string) =>
    `transfer-encoding: chunked\r\nconnection: close\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
  [unframed]: (body: string) => `\r\n${body}`,
}
const cases = Object.keys(framings).flatMap((framing) =>
  ['closes', 'resets'].flatMap((leaving) =>
    [highWater, 3 * highWater, 1_000_000].map((bytes) => [framing, leaving, bytes] as const),
  ),
)

test.each(cases)(
  'a server that sends a body %s and %s the connection before the reader takes it, %i bytes, does no harm',
  async (framing, leaving, bytes) => {
    const body = 'x'.repeat(bytes)
    await using server = await serveTCP((socket) => {
      socket.once('data', () => {
        socket.write(`HTTP/1.1 200 OK\r\n${framings[framing as keyof typeof framings](body)}`)
        if (leaving === 'closes') socket.end()
        else setImmediate(() => socket.resetAndDestroy())
      })
    })
    const api = endpoint({ provider: 'acme', baseURL: server.url })
    const response = await api.post('x', {}, { signal: new AbortController().signal })
    // Nobody reads while the server leaves.
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve))
    const read = await response.text().then(
      (text) => text.length,
      (error: LLMError) => error.kind,
    )
    // Where nothing tells the end of a body, the protocol above has to: what came before a reset is all that HTTP knows.
    const some = framing === unframed && typeof read === 'number' && read > 0 ? [read] : []
    expect(leaving === 'closes' ? [bytes] : [bytes, 'stream_truncated', ...some]).toContain(read)
    await api.close()
    await server.quiet()
  },
)

test('a connection whose last answer nobody has read to its end serves the next one', async () => {
  await using server = await serve((_, response) => response.end('x'.repeat(3 * highWater)))
  const api = endpoint({ provider: 'acme', baseURL: server.url })
  const { signal } = new AbortController()
  const first = await api.post('x', {}, { signal })
  const body = first[Symbol.asyncIterator]()
  let bytes = 0
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve))
  for (let item = await body.next(); !item.done; item = await body.next()) {
    bytes += item.value.length
    const second = await api.post('x', {}, { signal })
    expect((await second.text()).length).toBe(3 * highWater)
  }
  expect(bytes).toBe(3 * highWater)
  await api.close()
})
