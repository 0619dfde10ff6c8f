import type { RawStep } from '@wayfare/emulator'
import { describe, expect, test } from 'vitest'
import { observe } from './kit/observe.ts'
import { bodyOf, headOf, inPieces, record, recordBytes } from './kit/recording.ts'
import { faces } from './kit/refusal.ts'
import { inTurn } from './kit/turns.ts'
import { sseWires, wires } from './kit/wires.ts'
import type { Wire } from './kit/wires.ts'

const text = 'Hé👋🏽lo, 你好: “naïve” ÿ'
const usage = { input: 12, output: 7 }
const mark = Uint8Array.of(0xef, 0xbb, 0xbf)

describe.each(wires)('$name', (wire) => {
  test(`S02 ${wire.name}: a byte order mark before the stream is dropped, wherever it is cut`, async () => {
    const bytes = Buffer.concat([mark, await recordBytes(wire, { text, usage })])
    for (const cut of [1, 2, 3, 4]) await expectText(wire, inPieces([bytes.subarray(0, cut), bytes.subarray(cut)]))
  })

  test(`S03 ${wire.name}: characters of several bytes arrive whole, wherever they are cut`, async () => {
    for (const splitBytes of [1, 3]) {
      for (const face of splitBytes === 1 ? inTurn(wire, faces) : (['events'] as const)) {
        const seen = await observe(face, { wire, replies: [{ text, usage, deltaSize: 1, splitBytes }] })
        expect(seen.response?.text).toBe(text)
        expect(seen.shown).toBe(text)
      }
    }
    const bytes = await recordBytes(wire, { text, usage })
    const wave = Buffer.from(bytes).indexOf('👋🏽')
    for (let at = wave; at <= wave + 8; at++) {
      await expectText(wire, inPieces([bytes.subarray(0, at), bytes.subarray(at)]))
    }
  })

  test(`S04 ${wire.name}: bytes that are not UTF-8 become replacement characters`, async () => {
    const bytes = Buffer.from(await recordBytes(wire, { text: 'One tXo three.', usage }))
    bytes[bytes.indexOf('tXo') + 1] = 0xff
    await expectText(wire, [bytes], 'One t\uFFFDo three.')
  })

  test(`S16 ${wire.name}: another charset in the content type changes nothing`, async () => {
    const type =
      wire.format === 'sse' ? 'text/event-stream;charset=windows-1252' : 'application/x-ndjson; charset=latin1'
    await expectText(wire, [await recordBytes(wire, { text, usage })], text, type)
  })

  test(`S17 ${wire.name}: lines that end in CRLF are lines, also when the pair is cut`, async () => {
    const bytes = Buffer.from((await bodyText(wire)).replaceAll('\n', '\r\n'))
    await expectText(wire, [bytes])
    const first = bytes.indexOf('\r\n')
    for (const at of [first, first + 1, first + 2, first + 3]) {
      await expectText(wire, inPieces([bytes.subarray(0, at), bytes.subarray(at)]))
    }
    await expectText(wire, everyCR(bytes))
  })
})

// A line of NDJSON ends in a line feed.
describe.each(sseWires)('$name', (wire) => {
  test(`S02 ${wire.name}: of two byte order marks the second belongs to the first field's name`, async () => {
    const bytes = await recordBytes(wire, { text, usage })
    // A reader that dropped both would see JSON that breaks off.
    const unknown = Buffer.from('data: {"broken\n\n')
    for (const cut of [1, 2, 3, 4, 5, 6]) {
      const whole = Buffer.concat([mark, mark, unknown, bytes])
      await expectText(wire, inPieces([whole.subarray(0, cut), whole.subarray(cut)]))
    }
  })

  test(`S17 ${wire.name}: lines may end in CR alone, or each in its own way`, async () => {
    const lines = (await bodyText(wire)).split('\n')
    const mixed = lines.map((line, at) => line + ['\n', '\r', '\r\n'][at % 3]!).join('')
    await expectText(wire, [lines.join('\r')])
    await expectText(wire, [mixed])
    await expectText(wire, everyCR(Buffer.from(mixed)))
  })
})

/** Cut behind every carriage return. */
function everyCR(bytes: Uint8Array): RawStep[] {
  const pieces: Uint8Array[] = []
  let from = 0
  for (let at = bytes.indexOf(13); at !== -1; at = bytes.indexOf(13, at + 1)) {
    pieces.push(bytes.subarray(from, at + 1))
    from = at + 1
  }
  return inPieces([...pieces, bytes.subarray(from)])
}

async function bodyText(wire: Wire): Promise<string> {
  return bodyOf(wire, await record(wire, { text, usage }))
}

async function expectText(wire: Wire, body: readonly RawStep[], expected = text, type?: string): Promise<void> {
  const seen = await observe('events', { wire, replies: [{ raw: [headOf(wire, type), ...body] }] })
  expect(seen.error).toBeUndefined()
  expect(seen.response).toMatchObject({ text: expected, finishReason: 'stop', usageSource: 'reported', usage })
  expect(seen.shown).toBe(expected)
}
