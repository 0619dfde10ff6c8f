import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SSEError, SSEParser, SSEReader, type SSEEvent, type SSEOptions } from '../src/index.ts'
import { systemDecode, webDecode, type Decode } from '../src/decode.ts'
import { reference } from './reference.ts'

interface Case {
  id: string
  http: { status: number; contentType: string }
  input_base64: string
  expected_events: { type: string; data: string; lastEventId: string }[]
  retry?: number | null
  open?: boolean
  initial_last_event_id?: string
}
const file = new URL('./sse-cases.json', import.meta.url)
const cases = (JSON.parse(readFileSync(file, 'utf8')) as { cases: Case[] }).cases.filter(
  // Neither refused answers nor the second connection of a browser are a parser's business.
  (one) => one.open !== false && one.initial_last_event_id === undefined,
)
const long = process.env['WAYFARE_LONG'] === '1'
const decodes = [
  ['with Buffer', systemDecode()],
  ['without Buffer', webDecode()],
] as const

describe.each(decodes)('%s', (_, decode) => {
  test.each(cases.map((one) => [one.id, one] as const))('%s, at every cut', (_, one) => {
    const bytes = Buffer.from(one.input_base64, 'base64')
    const expected = one.expected_events.map(({ type, data, lastEventId }) => ({
      event: type,
      data,
      ...(lastEventId !== '' && { id: lastEventId }),
    }))
    const cuts = [[bytes], [...bytes].map((byte) => Uint8Array.of(byte))]
    for (let at = 1; at < bytes.length; at++) cuts.push([bytes.subarray(0, at), bytes.subarray(at)])
    for (const chunks of cuts) {
      let retry: number | undefined
      const onField = (name: string, value: string): void => {
        if (name === 'retry' && /^\d+$/.test(value)) retry = Number(value)
      }
      const parser = new SSEParser({ onField }, decode)
      expect(chunks.flatMap((chunk) => parser.feed(chunk)).concat(parser.end())).toEqual(expected)
      expect(retry).toBe(one.retry ?? undefined)
    }
  })

  test(
    'random documents at random cuts read as the plain reading of the text does (a million with WAYFARE_LONG=1)',
    () => {
      const piece = fc.constantFrom(
        'data',
        'data:',
        'data: ',
        'event: x',
        'event:',
        'id: 7',
        'id',
        'id: a\0',
        'retry: 5',
        ': note',
        'error: no',
        '\n',
        '\n\n',
        '\r',
        '\r\n',
        '\r\n\r\n',
        ' ',
        ':',
        'Hé👋lo',
        '\uFEFF',
        '\0',
        '{"a":1}',
        'data: {"b":2}\n\n',
        `data: ${'long '.repeat(20)}\n\n`,
        `event: long\ndata: ${'é'.repeat(50)}\n\n`,
      )
      const bytes = fc
        .array(fc.oneof({ weight: 9, arbitrary: piece.map((text) => Buffer.from(text)) }, wrongBytes()), {
          maxLength: 40,
        })
        .map((pieces) => Buffer.concat(pieces))
      const size = fc.oneof(fc.nat({ max: 60 }), fc.integer({ min: 65, max: 400 }))
      fc.assert(
        fc.property(bytes, fc.array(size, { maxLength: 20 }), fc.constantFrom(parsed, read), (document, sizes, how) => {
          let at = 0
          const cut = [...sizes.map((size) => document.subarray(at, (at += size))), document.subarray(at)]
          const expected = reference(document)
          const { events, fields } = how(cut, decode)
          expect(events).toEqual(expected.events)
          expect(fields).toEqual(expected.fields)
        }),
        { numRuns: long ? 1_000_000 : 1000 },
      )
    },
    long ? 1_800_000 : undefined,
  )
})

test.each([1, 7, 65_536])('text beyond ASCII survives slices of %i bytes', (size) => {
  for (const end of ['\n', '\r\n']) {
    const bytes = Buffer.from(`data: Hé👋lo${end}${end}data: twice${end}data: Hé👋lo${end}${end}`)
    expect(all(bytes, size)).toEqual([
      { event: 'message', data: 'Hé👋lo' },
      { event: 'message', data: 'twice\nHé👋lo' },
    ])
  }
})

test('nothing is read behind the event that `until` names, whatever the cut', () => {
  const bytes = Buffer.from('data: 1\n\ndata: [DONE] x\n\ndata: [DONE]\n\ndata: 2\n\n')
  for (const size of [1, 7, 65_536]) {
    const parser = new SSEParser({ until: '[DONE]' })
    const seen = slices(bytes, size).flatMap((chunk) => parser.feed(chunk).map((event) => event.data))
    expect(seen.concat(parser.end().map((event) => event.data))).toEqual(['1', '[DONE] x'])
    expect(parser.done).toBe(true)
  }
})

test('an event that no blank line ended is dropped, and handed out only with `tail`', () => {
  const bytes = Buffer.from('data: 1\n\nevent: last\ndata: 2')
  expect(all(bytes, 3)).toEqual([{ event: 'message', data: '1' }])
  expect(all(bytes, 3, { tail: true })).toEqual([
    { event: 'message', data: '1' },
    { event: 'last', data: '2' },
  ])
  const parser = new SSEParser({ tail: true, until: '2' })
  parser.feed(bytes)
  expect(parser.end()).toEqual([])
  expect(parser.done).toBe(true)
})

test.each([
  ['one endless line', (): Uint8Array[] => Array.from({ length: 40 }, () => Buffer.alloc(100, 'x'))],
  ['one line in one chunk', (): Uint8Array[] => [Buffer.from(`data: ${'x'.repeat(2000)}\n\n`)]],
  ['many lines', (): Uint8Array[] => Array.from({ length: 400 }, () => Buffer.from('data: xxxxxxxx\n'))],
])('%s beyond maxEventBytes is an error, not memory', (_, chunks) => {
  const parser = new SSEParser({ maxEventBytes: 1000 })
  let error: unknown
  try {
    for (const chunk of chunks()) parser.feed(chunk)
  } catch (thrown) {
    error = thrown
  }
  expect(error).toBeInstanceOf(SSEError)
  expect(error).toMatchObject({ code: 'event_too_large' })
  expect(parser.feed(Buffer.from('data: 1\n\n'))).toEqual([])
})

test('any number of comments and blank lines costs nothing', () => {
  const parser = new SSEParser({ maxEventBytes: 100 })
  for (let i = 0; i < 1000; i++) expect(parser.feed(Buffer.from(': keep-alive\n'))).toEqual([])
  expect(parser.feed(Buffer.from('data: 1\n\n'))).toHaveLength(1)
})

test('a chunk that its owner uses again does not change what was carried', () => {
  const parser = new SSEParser()
  const chunk = Buffer.from('data: on')
  parser.feed(chunk)
  chunk.fill('x')
  expect(parser.feed(Buffer.from('e\n\n'))).toEqual([{ event: 'message', data: 'one' }])
})

interface Found {
  readonly events: SSEEvent[]
  readonly fields: [string, string][]
}

/** As events whose strings are copies. */
function parsed(chunks: readonly Uint8Array[], decode: Decode): Found {
  const fields: [string, string][] = []
  const parser = new SSEParser({ onField: (name, value) => fields.push([name, value]) }, decode)
  return { events: chunks.flatMap((chunk) => parser.feed(chunk)).concat(parser.end()), fields }
}

/** As a sink hears it, with a way of its own for some of the events. */
function read(chunks: readonly Uint8Array[], decode: Decode): Found {
  const events: SSEEvent[] = []
  const fields: [string, string][] = []
  const reader = new SSEReader(
    {
      event: (data, event, id) => void events.push({ event, data, ...(id !== '' && { id }) }),
      field: (name, value) => void fields.push([name, value]),
      match: (text, at, copy = (start, end) => text.slice(start, end)) => {
        const end = text.indexOf('\n\n', at)
        if (end === -1 || !/^data: [^\r\n]*$/.test(text.slice(at, end))) return -1
        events.push({ event: 'message', data: copy(at + 6, end) })
        return end + 2
      },
    },
    {},
    { decode, copies: false },
  )
  for (const chunk of chunks) reader.feed(chunk)
  return { events, fields }
}

function all(bytes: Uint8Array, size: number, options: SSEOptions = {}): SSEEvent[] {
  const parser = new SSEParser(options)
  return slices(bytes, size)
    .flatMap((chunk) => parser.feed(chunk))
    .concat(parser.end())
}

function slices(bytes: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size))
}

function wrongBytes(): { weight: number; arbitrary: fc.Arbitrary<Buffer> } {
  return { weight: 1, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 4 }).map((bytes) => Buffer.from(bytes)) }
}
