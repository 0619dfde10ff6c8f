import type { ProviderEvent } from '@wayfare/core'
import { EventTemplate } from '@wayfare/provider-kit'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ChatReader } from '../src/events.ts'

const facts = {
  provider: 'acme',
  model: 'm',
  dialect: { vendor: 'acme', baseURL: '' },
  response: { status: 200, headers: new Map<string, string>() },
  clock: { date: () => new Date(0) },
}

function readAll(reader: ChatReader, datas: readonly string[]): readonly ProviderEvent[] {
  const out: ProviderEvent[] = []
  for (const data of datas) reader.read(data, out, 'message')
  return out
}

type Chunk = { choices?: { delta?: { content?: unknown; note?: unknown } }[] }

/** What the plain reading of one event says. */
function plain(data: string): string | undefined {
  const { content } = (JSON.parse(data) as Chunk).choices?.[0]?.delta ?? {}
  return typeof content === 'string' && content !== '' ? content : undefined
}

const shapes = [
  (content: string) => ({ id: 'c', model: 'm', choices: [{ index: 0, delta: { content }, finish_reason: null }] }),
  (content: string) => ({
    id: 'c',
    choices: [{ delta: { role: 'assistant', content } }],
    obfuscation: 'aB3'.repeat(content.length % 4),
  }),
  (content: string) => ({ id: 'c', choices: [{ delta: { note: '"content":"x"', content } }] }),
  (content: string) => ({ id: 'c', note: { content: 'decoy' }, choices: [{ delta: { content } }] }),
  (content: string) => ({ id: 'c', choices: [{ delta: { content, note: content } }] }),
  (content: string) => ({ id: 'c', obfuscation: 'first', choices: [{ delta: { content } }] }),
]
const content = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('', '"', '\\', '\\"', '","content":"x', 'Hé👋lo', '\n\0', '"}}]}', 'a longer piece of text'),
)
const ascii = (json: string): string =>
  json.replace(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
const event = fc
  .tuple(
    fc.constantFrom(...shapes),
    content,
    fc.constantFrom(
      JSON.stringify,
      (one: unknown) => ascii(JSON.stringify(one)),
      (one: unknown) => JSON.stringify(one, null, 1),
    ),
  )
  .map(([shape, text, write]) => write(shape(text)).replaceAll('\n', ' '))

test('with the template a stream says what it says without', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 30 }), (datas) => {
      const reader = new ChatReader(facts)
      const out = readAll(reader, datas)
      expect(out.flatMap((one) => (one.type === 'text_delta' ? [one.text] : []))).toEqual(
        datas.flatMap((data) => plain(data) ?? []),
      )
    }),
    { numRuns: 500 },
  )
})

test('what the template reads of a hostile event is what the event says, or nothing', () => {
  const edit = fc.record({
    at: fc.nat(200),
    cut: fc.nat(8),
    put: fc.constantFrom('', '"', '\\', '\\"', ',', '}', '\u0001', '"content":"', 'x'),
  })
  let read = 0
  fc.assert(
    fc.property(fc.constantFrom(...shapes), content, content, edit, (shape, first, second, { at, cut, put }) => {
      const template = new EventTemplate({ at: ['choices', 0, 'delta', 'content'], ignored: ['obfuscation'] })
      template.learn(JSON.stringify(shape(first)), shape(first), 'message')
      const whole = JSON.stringify(shape(second))
      const said = template.read(whole)
      if (said !== undefined) read++
      const hostile = whole.slice(0, at) + put + whole.slice(at + cut)
      for (const data of [whole, hostile]) {
        const found = template.read(data)
        // oxlint-disable-next-line vitest/no-conditional-expect -- reading nothing is always right
        if (found !== undefined) expect(plain(data) ?? '').toBe(found)
      }
    }),
    { numRuns: 1500 },
  )
  expect(read).toBeGreaterThan(500)
})

test('a field that changes from event to event ends the learning, not the reading', () => {
  const reader = new ChatReader(facts)
  const datas = Array.from({ length: 500 }, (_, at) =>
    JSON.stringify({ at, choices: [{ delta: { content: `${at} ` } }], id: 'c' }),
  )
  const out = readAll(reader, datas)
  expect(out.filter((one) => one.type === 'text_delta')).toHaveLength(500)
})

test('an end or figures in an event like the others are seen', () => {
  const reader = new ChatReader(facts)
  const shape = (text: string, finish: string | null): string =>
    JSON.stringify({ id: 'c', choices: [{ delta: { content: text }, finish_reason: finish }] })
  const out = readAll(
    reader,
    ['a', 'b', 'c'].map((text) => shape(text, text === 'c' ? 'stop' : null)),
  )
  expect(out.map((one) => one.type)).toEqual(['start', 'text_delta', 'text_delta', 'text_delta'])
  expect(reader.state).toBe('complete')
})
