import { readFileSync } from 'node:fs'
import { startEmulator } from '@wayfare/emulator'
import type { Emulator } from '@wayfare/emulator'
import { SSEParser, endpoint } from '@wayfare/provider-kit'
import type { Endpoint, SSEEvent } from '@wayfare/provider-kit'
import { describe, expect, test } from 'vitest'
import { HastyClock } from './kit/clock.ts'
import { inPieces } from './kit/recording.ts'

interface Case {
  readonly id: string
  readonly http: { readonly status: number; readonly contentType: string }
  readonly input_base64: string
  readonly expected_events: readonly { type: string; data: string; lastEventId: string }[]
  readonly open?: boolean
  readonly initial_last_event_id?: string
}
const file = new URL('../../../sse/test/sse-cases.json', import.meta.url)
const cases = (JSON.parse(readFileSync(file, 'utf8')) as { cases: readonly Case[] }).cases
/** Whether an answer is a stream at all is asked by no parser; what a browser remembers of an earlier one, by nobody here. */
const streams = cases.filter((one) => one.open !== false && one.initial_last_event_id === undefined)
const groups = [...new Set(streams.map(groupOf))]

describe.each(groups)('%s', (group) => {
  test('S01 sse: events come over a real connection as the standard says, wherever they are cut', async () => {
    await using emulator = await startEmulator()
    const api = endpoint({ provider: 'sse', baseURL: emulator.baseURL('openai'), apiKey: 'any' })
    for (const one of streams.filter((stream) => groupOf(stream) === group)) {
      const bytes = Buffer.from(one.input_base64, 'base64')
      const expected = one.expected_events.map(({ type, data, lastEventId }) => ({
        event: type,
        data,
        ...(lastEventId !== '' && { id: lastEventId }),
      }))
      for (const pieces of cutsOf(bytes)) expect(await received(emulator, api, one, pieces), one.id).toEqual(expected)
    }
    await api.close()
  })
})

test('S01 sse: an answer that is refused is no stream, whatever it says', async () => {
  await using emulator = await startEmulator()
  const api = endpoint({ provider: 'sse', baseURL: emulator.baseURL('openai'), apiKey: 'any' })
  const refused = cases.filter((one) => one.http.status >= 400)
  expect(refused.length).toBeGreaterThan(0)
  for (const one of refused) {
    await expect(received(emulator, api, one, [Buffer.from(one.input_base64, 'base64')])).rejects.toMatchObject({
      isLLMError: true,
      status: one.http.status,
    })
  }
  await api.close()
})

async function received(
  emulator: Emulator,
  api: Endpoint,
  { http }: Case,
  pieces: readonly Uint8Array[],
): Promise<SSEEvent[]> {
  const head = `HTTP/1.1 ${http.status} As Told\r\ncontent-type: ${http.contentType}\r\nconnection: close\r\n\r\n`
  emulator.enqueue('openai', { raw: [head, ...inPieces(pieces)] })
  const { signal } = new AbortController()
  const response = await api.post('chat/completions', body, { signal, clock: new HastyClock() })
  const parser = new SSEParser()
  const events: SSEEvent[] = []
  for await (const chunk of response) events.push(...parser.feed(chunk))
  return events.concat(parser.end())
}

const body = { model: 'gpt-4.1', messages: [{ role: 'user', content: 'Hello?' }], stream: true }

/** Whole, in two at every byte and byte by byte; in the short run in three places, since the parser's own test cuts everywhere. */
function cutsOf(bytes: Uint8Array): readonly (readonly Uint8Array[])[] {
  const short = process.env['WAYFARE_LONG'] === undefined
  const step = bytes.length > 500 ? 100 : short ? Math.ceil(bytes.length / 4) : 1
  const cuts: Uint8Array[][] = [[bytes]]
  for (let at = 1; at < bytes.length; at += step) cuts.push([bytes.subarray(0, at), bytes.subarray(at)])
  if (bytes.length <= 500 && !short) cuts.push([...bytes].map((byte) => Uint8Array.of(byte)))
  return cuts
}

function groupOf({ id }: Case): string {
  return id.split('-').slice(0, 2).join('-')
}
