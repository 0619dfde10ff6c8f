import { expect, test } from 'vitest'
import type { Base, Row } from './rule-table.ts'
import { chat } from '../src/openrouter/chat.ts'
import { reasoningSignature } from '../src/openrouter/signature.ts'
import { smallest } from './client.ts'
import { broken } from './rule-table.ts'

const base: Base = smallest.openrouter
const user = { role: 'user', content: 'Hi' }
const thinks = (...reasoning_details: unknown[]): object => ({ role: 'assistant', content: 'x', reasoning_details })
const detail = (text?: string, signature?: string): object => ({ type: 'reasoning.text', text, signature, index: 0 })
const messages = (...list: unknown[]): { body: Record<string, unknown> } => ({ body: { messages: list } })
const longId = 'x'.repeat(64)
const pair = (id: string): object[] => [
  {
    role: 'assistant',
    content: null,
    tool_calls: [{ id, type: 'function', function: { name: 'get', arguments: '{}' } }],
  },
  { role: 'tool', tool_call_id: id, content: 'ok' },
]

const refused: Row[] = [
  { rule: 'required_field', body: { messages: undefined } },
  { rule: 'unknown_field', body: { thinking: {} } },
  { rule: 'field_type', body: { models: 'a,b' } },
  { rule: 'provider_unknown_field', body: { provider: { prefer: [] } } },
  { rule: 'provider_field_type', body: { provider: { order: 'openai' } } },
  { rule: 'reasoning_unknown_field', body: { reasoning: { budget: 1 } } },
  { rule: 'reasoning_field_type', body: { reasoning: { max_tokens: 'many' } } },
  { rule: 'model', model: '' },
  { rule: 'reasoning_amount', body: { reasoning: { effort: 'low', max_tokens: 1000 } } },
  { rule: 'empty_messages', ...messages() },
  { rule: 'role', ...messages({ role: 'model', content: 'x' }) },
  { rule: 'content', ...messages({ role: 'user', content: null }) },
  { rule: 'tool_calls', ...messages(user, { role: 'assistant', content: null, tool_calls: [] }) },
  { rule: 'tool_id', ...messages(user, ...pair(`${longId}x`)) },
  { rule: 'unpaired_tool_result', ...messages(user, pair('a')[1]) },
  { rule: 'unanswered_tool_call', ...messages(user, pair('a')[0]) },
  { rule: 'tool_name', body: { tools: [{ type: 'function', function: { name: '' } }] } },
  { rule: 'tools_empty', body: { tools: [] } },
  { rule: 'tool_choice', body: { tool_choice: 'required' } },
  { rule: 'reasoning_details', ...messages(user, { role: 'assistant', content: 'x', reasoning_details: {} }, user) },
  { rule: 'foreign_signature', ...messages(user, thinks(detail('hm', 'EqMBanthropic')), user) },
  { rule: 'foreign_signature', ...messages(user, thinks(detail('hm!', reasoningSignature('hm'))), user) },
]

test.each(refused)('$rule: $body $model', (row) => {
  expect(broken(chat, base, row)).toBe(row.rule)
})

const taken: Omit<Row, 'rule'>[] = [
  {},
  {
    body: {
      models: ['a/b', 'c/d'],
      provider: { order: ['openai'], zdr: true, sort: 'price' },
      reasoning: { effort: 'high' },
    },
  },
  {
    body: {
      temperature: 0,
      top_k: 5,
      min_p: 0.1,
      session_id: 's',
      usage: { include: true },
      stream_options: { include_usage: true },
    },
  },
  messages(user, ...pair(longId)),
  messages({ role: 'user', content: [{ type: 'video_url' }] }),
  messages(user, thinks(detail('hm', reasoningSignature('hm'))), user),
  messages(user, thinks(detail('h'), detail('m'), detail(undefined, reasoningSignature('hm'))), user),
  messages(user, thinks(), user),
  messages(user, thinks({ type: 'reasoning.encrypted', data: 'opaque', id: 'r' }), user),
]

test.each(taken)('takes %j', (row) => {
  expect(broken(chat, base, row)).toBeUndefined()
})

test('every rule has a request that breaks it', () => {
  const impossible = ['provider_required_field', 'reasoning_required_field']
  expect(new Set([...refused.map((row) => row.rule), ...impossible])).toEqual(
    new Set(chat.rules.map((rule) => rule.name)),
  )
})
