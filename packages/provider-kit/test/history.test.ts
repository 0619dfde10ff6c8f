import type { ProviderMessage } from '@wayfare/core'
import { expect, test } from 'vitest'
import { portable } from '../src/index.ts'

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
