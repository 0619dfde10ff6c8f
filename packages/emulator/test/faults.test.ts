import { describe, expect, test, vi } from 'vitest'
import type { Emulator, Fault, WireName } from '../src/index.ts'
import { startEmulator } from '../src/index.ts'
import { ask, eventsOf, httpRequest, spoken, wireNames } from './client.ts'
import { listen } from './socket.ts'

async function broken(
  wire: WireName,
  fault: Fault,
  stream = true,
): Promise<[Emulator, Promise<Awaited<ReturnType<typeof listen>>>]> {
  const emulator = await startEmulator()
  emulator.enqueue(wire, { text: 'one two three four', fault })
  return [emulator, listen(emulator.url, httpRequest(emulator, wire, { stream }))]
}

/** The last chunk of a chunked body. */
const lastChunk = /\r\n0\r\n\r\n$/
const ends: Readonly<Record<WireName, RegExp>> = {
  anthropic: /message_stop/,
  openai: /\[DONE\]|"finish_reason":"/,
  openrouter: /\[DONE\]|"finish_reason":"/,
  google: /"finishReason"/,
  ollama: /"done":true/,
}

describe.each(wireNames)('%s', (wire) => {
  test('is reset after its deltas', async () => {
    const [emulator, heard] = await broken(wire, { after: 2, kind: 'reset' })
    await using _ = emulator
    const { text, end } = await heard
    expect(end).toBe('ECONNRESET')
    expect(text).not.toMatch(lastChunk)
    expect(text).not.toContain('three')
  })

  test('ends in good order without its terminator', async () => {
    await using emulator = await startEmulator()
    emulator.enqueue(wire, { text: 'one two three four', fault: { after: 2, kind: 'end' } })
    const text = await (await ask(emulator, wire)).text()
    expect(spoken(wire, text).text).toBe('one two ')
    expect(text).not.toMatch(ends[wire])
  })

  test('ends after all deltas, still without its terminator', async () => {
    await using emulator = await startEmulator()
    emulator.enqueue(wire, { text: 'one two', fault: { after: 99, kind: 'end' } })
    const text = await (await ask(emulator, wire)).text()
    expect(spoken(wire, text).text).toBe('one two')
    expect(text).not.toMatch(ends[wire])
  })

  test('is cut in the middle of an event, the body unfinished', async () => {
    const [emulator, heard] = await broken(wire, { after: 1, kind: 'cut' })
    await using _ = emulator
    const { text, end } = await heard
    expect(end).toBe('fin')
    expect(text).toContain('one')
    expect(text).not.toContain('three')
    expect(text).not.toMatch(lastChunk)
    expect(text).not.toMatch(/\n\r\n$/)
  })

  test('stalls until the client leaves', async () => {
    await using emulator = await startEmulator()
    emulator.enqueue(wire, { text: 'one two three', fault: { after: 2, kind: 'stall' } })
    const heard = await listen(emulator.url, httpRequest(emulator, wire), (text, close) => {
      if (text.includes('two')) close()
    })
    expect(heard.text).not.toContain('three')
    await vi.waitFor(() => expect(emulator.requests[0]?.closedEarly).toBe(true))
    await vi.waitFor(() => expect(emulator.openSockets).toBe(0))
  })

  test('sends nothing but keep-alives', async () => {
    await using emulator = await startEmulator()
    emulator.enqueue(wire, { text: 'one two', paceMs: 1, fault: { after: 1, kind: 'keep_alive' } })
    const sign = wire === 'ollama' ? /(\r\n1\r\n\n){3}/ : /(: keep-alive\n\n[^d]*){3}/
    const heard = await listen(emulator.url, httpRequest(emulator, wire), (text, close) => {
      if (sign.test(text)) close()
    })
    expect(heard.text).not.toContain('two')
  })

  test('breaks one event and goes on', async () => {
    await using emulator = await startEmulator()
    emulator.enqueue(wire, { text: 'one two three', fault: { after: 1, kind: 'malformed' } })
    const text = await (await ask(emulator, wire)).text()
    const payloads = text
      .split('\n')
      .map((line) => line.replace(/^data: /, ''))
      .filter((line) => line.startsWith('{'))
    expect(payloads.filter((payload) => !isJSON(payload))).toHaveLength(1)
    expect(text).toContain('three')
    expect(text).toMatch(ends[wire])
  })

  test.each([true, false])('is a page from the start (stream: %s)', async (stream) => {
    await using emulator = await startEmulator()
    emulator.enqueue(wire, { fault: { after: 0, kind: 'html' } })
    const response = await ask(emulator, wire, { stream })
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toMatch(/^text\/html/)
    expect(await response.text()).toMatch(/^<!DOCTYPE html>/)
  })

  test('turns into a page in the middle', async () => {
    await using emulator = await startEmulator()
    emulator.enqueue(wire, { text: 'one two', fault: { after: 1, kind: 'html' } })
    const text = await (await ask(emulator, wire)).text()
    expect(text).toMatch(/<\/html>\n$/)
    expect(text).not.toContain('"two')
  })

  test.each([true, false])('is empty (stream: %s)', async (stream) => {
    await using emulator = await startEmulator()
    emulator.enqueue(wire, { fault: { after: 0, kind: 'empty' } })
    const response = await ask(emulator, wire, { stream })
    expect([response.status, await response.text()]).toEqual([200, ''])
  })

  test('one body breaks in its middle', async () => {
    await using emulator = await startEmulator()
    const kinds = ['end', 'malformed', 'error', 'html'] as const
    emulator.enqueue(wire, ...kinds.map((kind) => ({ text: 'one', fault: { after: 1, kind } })))
    const texts: string[] = []
    for (const _ of kinds) texts.push(await (await ask(emulator, wire, { stream: false })).text())
    expect(texts.map(isJSON)).toEqual([false, false, true, false])
    expect(texts[2]).toMatch(/"error"/)
    expect(texts[3]).toMatch(/<\/html>\n$/)
  })

  test.each([
    ['cut', 'fin', /content-length: /i],
    ['reset', 'ECONNRESET', /transfer-encoding: chunked/i],
  ] as const)('one body breaks off: %s', async (kind, end, announced) => {
    const [emulator, heard] = await broken(wire, { after: 1, kind }, false)
    await using _ = emulator
    const { text, end: seen } = await heard
    const [head = '', body = ''] = text.split('\r\n\r\n')
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? Infinity)
    expect(seen).toBe(end)
    expect(head).toMatch(announced)
    expect(body.length).toBeLessThan(length)
    expect(isJSON(body)).toBe(false)
  })
})

test('nothing of the answer is sent before the first delta when the fault comes after none', async () => {
  await using emulator = await startEmulator()
  emulator.enqueue('anthropic', { text: 'one two', fault: { after: 0, kind: 'error' } })
  const events = eventsOf(await (await ask(emulator, 'anthropic')).text())
  expect(events.map((event) => event['type'])).toEqual(['message_start', 'ping', 'content_block_start', 'error'])
})

test('tool arguments can be cut in the middle', async () => {
  await using emulator = await startEmulator()
  emulator.enqueue('openai', {
    toolCalls: [{ name: 'rm', input: { path: '/tmp/some/file' } }],
    fault: { after: 2, kind: 'end' },
  })
  expect(spoken('openai', await (await ask(emulator, 'openai')).text()).args).toBe('{"path":"/tmp/so')
})

test('the socket is written in pieces of the size asked for', async () => {
  await using emulator = await startEmulator()
  emulator.enqueue('openai', { text: '👋', splitBytes: 1 }, { text: '👋', splitBytes: 3 })
  for (const size of ['1', '3']) {
    const reads: string[] = []
    await listen(emulator.url, httpRequest(emulator, 'openai'), (text, close) => {
      reads.push(text)
      if (lastChunk.test(text)) close()
    })
    const body = (reads.at(-1) ?? '').split('\r\n\r\n').slice(1).join('\r\n\r\n')
    expect(body.startsWith(`${size}\r\n`)).toBe(true)
    // Every chunk but the last ones of an event has the size.
    expect(
      body
        .split('\r\n')
        .filter((_, index) => index % 2 === 0)
        .every((length) => Number(length) <= Number(size)),
    ).toBe(true)
  }
})

test.each([{ delayMs: 60_000 }, { paceMs: 60_000 }])(
  'an answer with %o is not there while another one is',
  async (slow) => {
    await using emulator = await startEmulator()
    const abort = new AbortController()
    const arrived: string[] = []
    const read = async (name: string, signal?: AbortSignal): Promise<void> => {
      await (await ask(emulator, 'openai', { ...(signal && { signal }) })).text()
      arrived.push(name)
    }
    emulator.enqueue('openai', { text: 'a b', ...slow })
    const first = read('slow', abort.signal)
    await vi.waitFor(() => expect(emulator.requests).toHaveLength(1))
    await read('quick')
    expect(arrived).toEqual(['quick'])
    abort.abort()
    await expect(first).rejects.toThrow('aborted')
  },
)

function isJSON(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
