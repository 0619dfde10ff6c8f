import { anthropic } from '@wayfare/anthropic'
import type { Provider } from '@wayfare/core'
import { openaiCompatible } from '@wayfare/openai-compatible'
import { bareDecode, jointOf } from '../bare-decode.ts'
import { compare } from '../compare.ts'
import { fixture, modelOf, payloads, reads, type FixtureOptions, type FixtureWire } from '../fixture.ts'
import { memoryFetch } from '../memory-fetch.ts'
import { providerRequest } from '../provider-request.ts'
import type { Row } from '../row.ts'
import { serve, type Scale } from '../target.ts'

const words = 4_000

serve('P2', async (scale, say) => {
  const rows: Row[] = []
  for (const [title, wire, options, atMost] of [
    ['OpenAI-compatible text', 'openai', {}, 0.3],
    ['the same with random padding', 'openai', { padded: true }, 0.35],
    ['the same in Chinese', 'openai', { chinese: true }],
    ['Anthropic text', 'anthropic', {}, 0.3],
  ] as const) {
    say(title)
    const goals = atMost === undefined ? [] : [{ to: 'JSON.parse', atMost }]
    rows.push({ ...(await row(title, wire, options, scale)), goals })
  }
  return {
    rows,
    notes: [
      'JSON.parse: of the payloads alone, which are strings already',
      'least: a bare loop that compares each event with the one before and makes an object of its text, for this one stream and no other: no call, no checks, nothing for the lines that a read cuts in two',
      'ours: from bytes to text deltas, through `provider.chat()`, in reads of 16 KB; singly: one read per event',
    ],
  }
})

async function row(
  title: string,
  wire: FixtureWire,
  options: FixtureOptions,
  scale: Scale,
): Promise<Omit<Row, 'goals'>> {
  const answer = await fixture(wire, words, options)
  const texts = payloads(answer)
  const chunks = reads(answer, 16_384)
  const joint = jointOf(answer.events[100]!, wire === 'anthropic' ? 'text' : 'content')
  const burst = provider(wire, memoryFetch(chunks))
  const single = provider(wire, memoryFetch(reads(answer, 'event')))
  const figures = await compare(
    {
      'JSON.parse': () => (texts.reduce((sum, text) => sum + Number(JSON.parse(text) !== null), 0), texts.length),
      // It looks for no padding, and is content with ASCII.
      ...(!options.padded && !options.chinese && { least: () => bareDecode(chunks, joint) }),
      ours: () => decoded(burst, wire),
      singly: () => decoded(single, wire),
    },
    scale,
  )
  return { title, unit: 'ns per chunk', figures, least: 'least' }
}

function provider(wire: FixtureWire, fetch: typeof globalThis.fetch): Provider {
  const options = { baseURL: 'http://127.0.0.1:1/v1', apiKey: 'key', fetch }
  return wire === 'anthropic' ? anthropic(options) : openaiCompatible({ name: 'openai', ...options })
}

async function decoded(provider: Provider, wire: FixtureWire): Promise<number> {
  let chunks = 0
  for await (const events of provider.chat(providerRequest(modelOf(wire)))) {
    if (!Array.isArray(events)) continue
    for (const event of events) if (event.type === 'text_delta') chunks++
  }
  if (chunks < words) throw new Error(`only ${chunks} of ${words} chunks were decoded`)
  return chunks
}
