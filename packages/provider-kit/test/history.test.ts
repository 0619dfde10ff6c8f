import type { ProviderMessage, ToolCallPart, ToolResultPart } from '@wayfare/core'
import { expect, test } from 'vitest'
import { joinToolMessages, portable } from '../src/index.ts'

const history: readonly ProviderMessage[] = [
  { role: 'system', content: [{ type: 'text', text: 'Be brief.' }] },
  { role: 'user', content: [{ type: 'text', text: 'Weather?', providerMetadata: { other: { x: 1 } } }] },
  {
    role: 'assistant',
    content: [
      { type: 'reasoning', text: 'mine', providerMetadata: { acme: { signature: 's' }, other: { x: 1 } } },
      { type: 'reasoning', text: 'theirs', providerMetadata: { other: { signature: 't' } } },
      { type: 'reasoning', text: 'nobody knows' },
      { type: 'provider', vendor: 'other', kind: 'search', value: {} },
      { type: 'provider', vendor: 'acme', kind: 'search', value: {} },
      { type: 'tool_call', id: 'toolu_long|1', name: 'weather', input: {}, rawInput: '{}' },
      { type: 'tool_call', id: 'abcdefghi', name: 'time', input: {}, rawInput: '{}' },
    ],
  },
  {
    role: 'tool',
    content: [
      { type: 'tool_result', id: 'toolu_long|1', name: 'weather', output: 'sun' },
      { type: 'tool_result', id: 'abcdefghi', name: 'time', output: 'noon' },
    ],
  },
]

test('what belongs to other vendors stays behind, and ids stay paired', () => {
  const before = structuredClone(history)
  const toolCallId = { valid: /^[a-z0-9]{9}$/, make: (_: string, index: number) => `call${index}`.padEnd(9, '0') }
  const { messages, warnings } = portable(history, { vendor: 'acme', toolCallId })
  expect(messages).toEqual([
    history[0],
    { role: 'user', content: [{ type: 'text', text: 'Weather?' }] },
    {
      role: 'assistant',
      content: [
        { type: 'reasoning', text: 'mine', providerMetadata: { acme: { signature: 's' } } },
        { type: 'provider', vendor: 'acme', kind: 'search', value: {} },
        { type: 'tool_call', id: 'call00000', name: 'weather', input: {}, rawInput: '{}' },
        { type: 'tool_call', id: 'abcdefghi', name: 'time', input: {}, rawInput: '{}' },
      ],
    },
    {
      role: 'tool',
      content: [
        { type: 'tool_result', id: 'call00000', name: 'weather', output: 'sun' },
        { type: 'tool_result', id: 'abcdefghi', name: 'time', output: 'noon' },
      ],
    },
  ])
  expect(warnings.map((warning) => warning.code)).toEqual(['reasoning_dropped', 'block_dropped'])
  expect(history).toEqual(before)
})

test('an assistant message of which nothing is left goes, an empty one stays', () => {
  const messages: ProviderMessage[] = [
    { role: 'assistant', content: [{ type: 'reasoning', text: 'theirs', providerMetadata: { other: {} } }] },
    { role: 'assistant', content: [] },
  ]
  expect(portable(messages, { vendor: 'acme' }).messages).toEqual([{ role: 'assistant', content: [] }])
})

const call = (id: string): ToolCallPart => ({ type: 'tool_call', id, name: 't', input: {}, rawInput: '{}' })
const result = (id: string, output = ''): ToolResultPart => ({ type: 'tool_result', id, name: 't', output })
const calls = (...ids: string[]): ProviderMessage => ({ role: 'assistant', content: ids.map(call) })
const results = (...ids: string[]): ProviderMessage => ({ role: 'tool', content: ids.map((id) => result(id)) })
const simple = { valid: /^[a-z0-9_]{1,9}$/, make: (_: string, index: number) => `call_${index}` }

/** The ids of each message. */
function idsOf(messages: readonly ProviderMessage[], toolCallId?: typeof simple): readonly (readonly string[])[] {
  const made = portable(messages, { vendor: 'acme', toolCallId }).messages
  return made.map(({ content }) => content.flatMap((part) => ('id' in part ? [part.id] : [])))
}

const user: ProviderMessage = { role: 'user', content: [{ type: 'text', text: 'And?' }] }

test.each<[string, readonly ProviderMessage[], readonly (readonly string[])[]]>([
  [
    'used again in the next turn',
    [calls('call_0', 'call_1'), results('call_1', 'call_0'), calls('call_0'), results('call_0')],
    [['call_0', 'call_1'], ['call_1', 'call_0'], ['call_2'], ['call_2']],
  ],
  [
    'used again and again',
    [calls('x'), results('x'), user, calls('x'), results('x'), user, calls('x'), results('x')],
    [['x'], ['x'], [], ['call_0'], ['call_0'], [], ['call_1'], ['call_1']],
  ],
  [
    'that a made one came before',
    [calls('A|1'), results('A|1'), calls('call_0'), results('call_0')],
    [['call_0'], ['call_0'], ['call_1'], ['call_1']],
  ],
  [
    'that a made one comes after',
    [calls('call_0', 'A|1'), results('A|1', 'call_0')],
    [
      ['call_0', 'call_1'],
      ['call_1', 'call_0'],
    ],
  ],
  [
    'twice in one turn, answered in order',
    [calls('x', 'x'), results('x', 'x')],
    [
      ['x', 'call_0'],
      ['x', 'call_0'],
    ],
  ],
  [
    'of a call that was never answered',
    [calls('x'), user, calls('x'), results('x')],
    [['x'], [], ['call_0'], ['call_0']],
  ],
])('every call has an id of its own: one %s', (_, messages, ids) => {
  expect(idsOf(messages, simple)).toEqual(ids)
})

test('ids are unique where every id is taken, too, and those of the beginning stay when the history grows', () => {
  const turns = Array.from({ length: 4 }, () => [calls('a', 'b|'), results('b|', 'a')]).flat()
  for (const rule of [undefined, simple]) {
    const ids = idsOf(turns, rule)
    const ofCalls = ids.filter((_, at) => at % 2 === 0).flat()
    expect(new Set(ofCalls).size).toBe(8)
    for (let at = 0; at < ids.length; at += 2) expect(ids[at + 1]).toEqual(ids[at]?.toReversed())
    expect(idsOf(turns.slice(0, 4), rule)).toEqual(ids.slice(0, 4))
  }
})

test('a rule that makes one id only ends', () => {
  expect(idsOf([calls('A', 'B', 'C')], { ...simple, make: () => 'same' })).toEqual([['same', 'same', 'same']])
})

test('tool messages that follow each other become one, and their messages stay as they were', () => {
  const history = [calls('a', 'b', 'c'), results('a'), results('b', 'c'), user, results('d')]
  const before = structuredClone(history)
  expect(joinToolMessages(history)).toEqual([history[0], results('a', 'b', 'c'), user, results('d')])
  expect(history).toEqual(before)
})
