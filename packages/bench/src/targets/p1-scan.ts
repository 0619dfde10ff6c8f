import { isAscii } from 'node:buffer'
import { SSEParser, SSEReader } from '@wayfare/sse'
import { compare, type Work } from '../compare.ts'
import { fixture, reads, type Fixture } from '../fixture.ts'
import { latin1Slice } from '../latin1-slice.ts'
import { peer } from '../peers/load.ts'
import type { Goal, Row } from '../row.ts'
import { serve, type Scale } from '../target.ts'

interface EventSourceParser {
  createParser(this: void, callbacks: { onEvent(event: { readonly data: string }): void }): { feed(text: string): void }
}

serve('P1', async (scale, say) => {
  const parser = await peer<EventSourceParser>('eventsource-parser')
  const answer = await fixture('openai', 3_000)
  const onNode20 = process.version.startsWith('v20.')
  const push = onNode20 ? 0.45 : 0.8
  const rows: Row[] = []
  for (const [title, size, goals] of [
    [
      'one read per event',
      'event',
      [
        { to: 'floor', atMost: 1.5 },
        { to: 'eventsource-parser', atMost: push },
      ],
    ],
    [
      'reads of 16 KB',
      16_384,
      [
        { to: 'floor', atMost: 1.5 },
        { to: 'eventsource-parser', atMost: push },
      ],
    ],
    ['reads of 16 bytes', 16, [{ to: 'eventsource-parser', atMost: 0.3 }]],
  ] as const) {
    say(title)
    rows.push(await row(title, answer, size, goals, parser, scale))
  }
  return {
    rows,
    notes: [
      'floor: `latin1Slice` of each read, and `indexOf` of each line end; nothing is handed out',
      'eventsource-parser reads strings: its bytes pass through a streaming TextDecoder first, as its users write it',
      'least: a bare loop that finds the events of this one stream and no other: it also asks `isAscii`, looks for carriage returns, joins the line that a read cuts in two, and calls a function with a string for each event; at 16 bytes: a bare loop that keeps each byte and asks whether it ends a line, and makes nothing of it',
      'ours: `SSEReader`, as the wires use it; copies: `SSEParser`, whose events keep nothing else alive',
    ],
  }
})

async function row(
  title: string,
  answer: Fixture,
  size: 'event' | number,
  goals: readonly Goal[],
  parser: EventSourceParser | undefined,
  scale: Scale,
): Promise<Row> {
  const chunks = reads(answer, size)
  const count = answer.events.length
  const work: Record<string, Work> = {
    floor: () => (floor(chunks), count),
    ...(size === 16_384 && { least: () => (least(chunks), count) }),
    ...(size === 16 && { least: () => (crawled(chunks), count) }),
    ours: () => (read(chunks), count),
    copies: () => (parsed(chunks), count),
    ...(parser && { 'eventsource-parser': () => (theirs(chunks, parser), count) }),
  }
  return { title, unit: 'ns per event', figures: await compare(work, scale), goals }
}

function floor(chunks: readonly Uint8Array[]): number {
  let found = 0
  for (const chunk of chunks) {
    const text = latin1Slice.call(chunk, 0, chunk.length)
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) found++
  }
  return found
}

/** All fields are `data: `, all bytes ASCII, all lines end in line feeds, and no read ends between two of them. */
function least(chunks: readonly Uint8Array[]): number {
  let length = 0
  const take = (data: string): void => void (length += data.length)
  let rest = ''
  for (const chunk of chunks) {
    const text = latin1Slice.call(chunk, 0, chunk.length)
    if (!isAscii(chunk) || text.includes('\r')) throw new Error('the stream is another one')
    let at = 0
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', at)) {
      take(rest === '' ? text.slice(at + 6, end) : (rest + text.slice(at, end)).slice(6))
      rest = ''
      at = end + 2
    }
    if (at < chunk.length) rest = latin1Slice.call(chunk, at, chunk.length)
  }
  return length
}

/** Small reads have to be kept until there is a line, and each byte asked whether it ends one. */
function crawled(chunks: readonly Uint8Array[]): number {
  const line = new Uint8Array(1_024)
  let length = 0
  let found = 0
  for (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at]!
      if (byte !== 10 && byte !== 13) line[length++] = byte
      else {
        found++
        length = 0
      }
    }
  }
  return found
}

function read(chunks: readonly Uint8Array[]): number {
  let length = 0
  const reader = new SSEReader({ event: (data) => void (length += data.length) })
  for (const chunk of chunks) reader.feed(chunk)
  return length
}

function parsed(chunks: readonly Uint8Array[]): number {
  const parser = new SSEParser()
  let length = 0
  for (const chunk of chunks) for (const { data } of parser.feed(chunk)) length += data.length
  return length
}

function theirs(chunks: readonly Uint8Array[], { createParser }: EventSourceParser): number {
  let length = 0
  const decoder = new TextDecoder()
  const parser = createParser({ onEvent: ({ data }) => (length += data.length) })
  for (const chunk of chunks) parser.feed(decoder.decode(chunk, { stream: true }))
  return length
}
