import assert from 'node:assert/strict'
import { expect, test } from 'vitest'
import { DeltaTemplate } from '../src/template.ts'
import { wireEvent } from '../src/wire.ts'

const text = (piece: string, index = 0): string =>
  JSON.stringify({ type: 'content_block_delta', index, delta: { type: 'text_delta', text: piece } })

/** What a full parse says. */
function parsed(data: string): ReturnType<typeof wireEvent> {
  try {
    return wireEvent(JSON.parse(data))
  } catch {
    return undefined
  }
}

/** The same of the string alone, and of the block that it belongs to. */
function piece(data: string): unknown {
  const event = parsed(data)
  if (event?.type !== 'content_block_delta') return event
  const { text: said, thinking, partial_json: input } = event.delta
  return { index: event.index, piece: said ?? thinking ?? input }
}

function read(template: DeltaTemplate, data: string): unknown {
  const found = template.read(data)
  return found === undefined ? undefined : { index: template.index, piece: found }
}

function taught(data: string): DeltaTemplate {
  const template = new DeltaTemplate()
  const event = parsed(data)
  if (event?.type === 'content_block_delta') template.learn(data, JSON.parse(data), event)
  return template
}

test.each([
  text('Hello'),
  JSON.stringify({ type: 'content_block_delta', index: 3, delta: { type: 'thinking_delta', thinking: 'hm' } }),
  JSON.stringify({ type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: '{"a' } }),
  '{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}      }',
  '{ "type": "content_block_delta", "index": 0, "delta": { "type": "text_delta", "text": "Hi" } }',
])('events like %s are read without a parse of the whole', (data) => {
  expect(read(taught(data), data)).toEqual(piece(data))
})

test.each(['', 'x', 'Hé👋lo', '"', '\\', '\\"', '"text":', 'a"}}', '\n\t\u2028', '\ud800', '}}', '","text":"x'])(
  'the piece %j is read as it was written',
  (said) => {
    expect(taught(text('Hello')).read(text(said))).toBe(said)
    expect(taught(text(said)).read(text('Hello'))).toBe('Hello')
  },
)

test.each([
  '{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a","text":"b"}}',
  '{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"},"index":1}',
  '{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"}',
  '{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"}}}',
  '{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a\u0001"}}',
  '{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":null}}',
  '{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"a"}}',
  '{"type":"content_block_delta","index":0,"delta":{"text":"a","type":"text_delta"}}',
  '{"type":"message_stop"}',
  '"',
])('%s, which is not like the pattern, is left to the parser', (data) => {
  expect(taught(text('Hello')).read(data)).toBeUndefined()
})

test('whatever is read is what a parse says, however an event is mangled', () => {
  let seed = 7
  const random = (below: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((seed / 2_147_483_648) * below)
  }
  const scraps = ['"', '\\', '}', '{', ',', ':', ' ', '"text":', '"}}', 'text', '0', '\\u00e9', '👋', '\n', '\\"']
  let count = 0
  for (let round = 0; round < 6_000; round++) {
    const pattern = text('Hello')
    let data = text(scraps[random(scraps.length)] ?? '')
    for (let edits = random(3); edits > 0; edits--) {
      const at = random(data.length + 1)
      data = data.slice(0, at) + scraps[random(scraps.length)] + data.slice(at + random(3))
    }
    const found = read(taught(pattern), data)
    if (found !== undefined) count++
    assert.deepEqual(found ?? piece(data), piece(data))
    assert.deepEqual(read(taught(data), pattern) ?? piece(pattern), piece(pattern))
  }
  expect(count).toBeGreaterThan(1_500)
})
