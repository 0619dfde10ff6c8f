import { expect, test, vi } from 'vitest'
import { startEmulator } from '../src/index.ts'
import { ask, httpRequest } from './client.ts'
import { listen } from './socket.ts'

test('raw bytes reach the socket as they are, and the connection closes after them', async () => {
  await using emulator = await startEmulator()
  emulator.enqueue('openai', { raw: ['HTTP/1.1 200 OK\r\n\r\n', new Uint8Array([0xff, 0xfe]), { waitMs: 1 }, 'tail'] })
  const { reads, end } = await listen(emulator.url, httpRequest(emulator, 'openai'))
  expect(end).toBe('fin')
  expect(Buffer.concat(reads)).toEqual(
    Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\n\r\n'), Buffer.from([0xff, 0xfe]), Buffer.from('tail')]),
  )
  expect(emulator.requests[0]).toMatchObject({ closedEarly: false })
  expect(emulator.requests[0]).not.toHaveProperty('status')
})

test.each([
  ['reset', 'ECONNRESET'],
  ['end', 'fin'],
])('%s before a single byte', async (step, end) => {
  await using emulator = await startEmulator()
  emulator.enqueue('ollama', { raw: [step, 'never'] })
  expect(await listen(emulator.url, httpRequest(emulator, 'ollama'))).toMatchObject({ text: '', end })
})

test('a raw stall lasts until the client leaves', async () => {
  await using emulator = await startEmulator()
  emulator.enqueue('google', { raw: ['HTTP/1.1 200 OK\r\n\r\nx', 'stall', 'never'] })
  const { text } = await listen(emulator.url, httpRequest(emulator, 'google'), (heard, close) => {
    if (heard.endsWith('x')) close()
  })
  expect(text).not.toContain('never')
  await vi.waitFor(() => expect(emulator.requests[0]?.closedEarly).toBe(true))
})

test('repeated bytes come as often as asked', async () => {
  await using emulator = await startEmulator()
  emulator.enqueue('openai', { raw: ['HTTP/1.1 200 OK\r\n\r\n', { repeat: 'ab\n', times: 100_000 }] })
  const { text } = await listen(emulator.url, httpRequest(emulator, 'openai'))
  expect(text.length).toBe('HTTP/1.1 200 OK\r\n\r\n'.length + 300_000)
  expect(text.slice(-9)).toBe('ab\nab\nab\n')
})

test('a whole response by hand is a response to a client', async () => {
  await using emulator = await startEmulator()
  emulator.enqueue('openai', {
    raw: ['HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n', 'data: {"half', { waitMs: 1 }, '": 1}\n\n'],
  })
  const response = await ask(emulator, 'openai')
  expect(await response.text()).toBe('data: {"half": 1}\n\n')
})
