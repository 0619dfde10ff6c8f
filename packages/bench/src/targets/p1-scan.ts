import { SSEParser, SSEReader } from '@wayfare/sse'
import { bareAlone, bareBytes, bareLines } from '../bare-scan.ts'
import { compare, type Work } from '../compare.ts'
import { fixture, reads, type Fixture } from '../fixture.ts'
import { peer } from '../peers/load.ts'
import type { Goal, Row } from '../row.ts'
import { latin1Slice } from '../slices.ts'
import { serve, type Scale } from '../target.ts'

interface EventSourceParser {
  createParser(this: void, callbacks: { onEvent(event: { readonly data: string }): void }): { feed(text: string): void }
}

interface Case {
  readonly title: string
  readonly size: 'event' | number
  readonly least: (chunks: readonly Uint8Array[]) => number
  readonly goals: readonly Goal[]
}

const push = process.version.startsWith('v20.') ? 0.45 : 0.8
const both: readonly Goal[] = [
  { to: 'floor', atMost: 1.5 },
  { to: 'eventsource-parser', atMost: push },
]
const cases: readonly Case[] = [
  { title: 'one read per event', size: 'event', least: bareAlone, goals: both },
  { title: 'reads of 16 KB', size: 16_384, least: bareLines, goals: both },
  {
    title: 'reads of 16 bytes',
    size: 16,
    least: bareBytes,
    goals: [{ to: 'eventsource-parser', atMost: 0.3 }],
  },
]

serve('P1', async (scale, say) => {
  const parser = await peer<EventSourceParser>('eventsource-parser')
  const answer = await fixture('openai', 3_000)
  const rows: Row[] = []
  for (const one of cases) {
    say(one.title)
    rows.push(await row(one, answer, parser, scale))
  }
  return {
    rows,
    notes: [
      'floor: `latin1Slice` of each read, and `indexOf` of each line end; nothing is handed out',
      'eventsource-parser reads strings: its bytes pass through a streaming TextDecoder first, as its users write it',
      'least: a bare loop for this one stream and no other, which hands out a string for each event: one read per event is decoded as UTF-8 and searched for both line ends; one of 16 KB is asked `isAscii`, searched for both, and joined with the line that was cut; one of 16 bytes is kept byte by byte, each asked whether it ends a line, and nothing is made of it',
      'ours: `SSEReader`, as the wires use it; copies: `SSEParser`, whose events keep nothing else alive',
    ],
  }
})

async function row(
  { title, size, least, goals }: Case,
  answer: Fixture,
  parser: EventSourceParser | undefined,
  scale: Scale,
): Promise<Row> {
  const chunks = reads(answer, size)
  const count = answer.events.length
  const work: Record<string, Work> = {
    floor: () => (floor(chunks), count),
    least: () => (least(chunks), count),
    ours: () => (read(chunks), count),
    copies: () => (parsed(chunks), count),
    ...(parser && { 'eventsource-parser': () => (theirs(chunks, parser), count) }),
  }
  return { title, unit: 'ns per event', figures: await compare(work, scale), goals, least: 'least' }
}

function floor(chunks: readonly Uint8Array[]): number {
  let found = 0
  for (const chunk of chunks) {
    const text = latin1Slice.call(chunk, 0, chunk.length)
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) found++
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
