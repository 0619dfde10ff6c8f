import { startEmulator, type WireName } from '@wayfare/emulator'
import { seeded } from './random.ts'

/** The events of one streamed answer, as its vendor writes them: whole, with their blank lines. */
export interface Fixture {
  readonly events: readonly string[]
  /** How many of them bring text. */
  readonly chunks: number
}

export interface FixtureOptions {
  /** Random padding in every chunk, as the vendor sends unless it is asked not to. Default: none. */
  readonly padded?: boolean
  /** Characters that take three bytes each. Default: English. */
  readonly chinese?: boolean
}

const requests: Readonly<Record<'openai' | 'anthropic', { readonly path: string; readonly body: object }>> = {
  openai: { path: '/chat/completions', body: { stream_options: { include_usage: true } } },
  anthropic: { path: '/messages', body: { max_tokens: 100_000 } },
}
const models = { openai: 'gpt-5.4-mini', anthropic: 'claude-sonnet-4-6' } as const

export type FixtureWire = keyof typeof requests

/** An answer of so many words. Its seed is fixed: every run measures the same bytes. */
export async function fixture(
  wire: FixtureWire,
  words: number,
  { padded = false, chinese = false }: FixtureOptions = {},
): Promise<Fixture> {
  const body = await asked(wire, true, prose(words, chinese ? mandarin : english))
  const random = seeded(7)
  const events = body.split(/(?<=\n\n)/).map((event) => (wire === 'openai' ? repadded(event, padded, random) : event))
  return { events, chunks: words }
}

/** The same answer as one JSON body. */
export function wholeFixture(wire: FixtureWire, words: number): Promise<string> {
  return asked(wire, false, prose(words, english))
}

/** Cut into network reads: `event` has one read for each event, a number is the size of each in bytes. */
export function reads({ events }: Fixture, size: 'event' | number): readonly Buffer[] {
  if (size === 'event') return events.map((event) => Buffer.from(event))
  const all = Buffer.from(events.join(''))
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.subarray(i * size, (i + 1) * size))
}

/** What stands in the events. */
export function payloads({ events }: Fixture): readonly string[] {
  return events.flatMap((event) => {
    const data = /^data: (.*)$/m.exec(event)?.[1]
    return data === undefined || data === '[DONE]' ? [] : [data]
  })
}

export function modelOf(wire: FixtureWire): string {
  return models[wire]
}

const english = ['the', 'of', 'routing', 'answer', 'model', 'a', 'is', 'because', 'tokens', 'over', 'many', 'providers']
const mandarin = ['的', '路由', '回答', '模型', '一个', '是', '因为', '许多', '供应商', '词元', '在', '费用']

/** Words as models write them: one in twenty needs an escape. */
function prose(words: number, vocabulary: readonly string[]): string {
  const random = seeded(42)
  const escaped = ['"quoted"', 'line\nbreak', 'back\\slash']
  return Array.from({ length: words }, () => {
    const list = random() < 0.05 ? escaped : vocabulary
    return list[Math.floor(random() * list.length)]!
  }).join(' ')
}

async function asked(wire: FixtureWire & WireName, stream: boolean, text: string): Promise<string> {
  const emulator = await startEmulator()
  try {
    emulator.enqueue(wire, { text })
    const { path, body } = requests[wire]
    const response = await fetch(emulator.baseURL(wire) + path, {
      method: 'POST',
      headers: {
        authorization: 'Bearer key',
        'x-api-key': 'key',
        'anthropic-version': '2023-06-01',
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        model: models[wire],
        messages: [{ role: 'user', content: 'Hello' }],
        ...(stream ? { stream, ...body } : wire === 'anthropic' && body),
      }),
    })
    const answer = await response.text()
    if (!response.ok) throw new Error(`the emulator refused: ${answer}`)
    return answer
  } finally {
    await emulator.close()
  }
}

function repadded(event: string, padded: boolean, random: () => number): string {
  if (!event.startsWith('data: {')) return event
  const chunk = JSON.parse(event.slice(6)) as Record<string, unknown> // the emulator's own chunk
  delete chunk['obfuscation']
  if (padded) chunk['obfuscation'] = padding(random)
  return `data: ${JSON.stringify(chunk)}\n\n`
}

function padding(random: () => number): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
  return Array.from({ length: 2 + Math.floor(random() * 14) }, () => letters[Math.floor(random() * 62)]!).join('')
}
