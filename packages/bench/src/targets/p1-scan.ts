import { SSEParser, SSEReader } from '@wayfare/sse'
import { compare, type Work } from '../compare.ts'
import { fixture, reads, type Fixture } from '../fixture.ts'
import { peer } from '../peers/load.ts'
import type { Goal, Row } from '../row.ts'
import { serve, type Scale } from '../target.ts'

interface EventSourceParser {
  createParser(this: void, callbacks: { onEvent(event: { readonly data: string }): void }): { feed(text: string): void }
}

/** What Node has for it, without a copy of the arguments or a check. */
const latin1Slice = (
  Buffer.prototype as unknown as Record<'latin1Slice', (this: Uint8Array, start: number, end: number) => string>
).latin1Slice

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
      'why the floor is far at 16 KB: a bare loop that also asks `isAscii`, looks for carriage returns, and makes a string and an object of each event takes 1.45 to 1.6 floors; the line that each read cuts in two comes on top',
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
