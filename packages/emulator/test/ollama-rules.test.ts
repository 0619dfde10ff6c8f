import { expect, test } from 'vitest'
import type { Base, Row } from './rule-table.ts'
import { chat } from '../src/ollama/chat.ts'
import { smallest } from './client.ts'
import { broken } from './rule-table.ts'

const base: Base = smallest.ollama
const messages = (...list: unknown[]): { body: Record<string, unknown> } => ({ body: { messages: list } })
const calls = (made: object): object => ({ role: 'assistant', content: '', tool_calls: [{ function: made }] })

const refused: Row[] = [
  { rule: 'required_field', body: { model: undefined } },
  { rule: 'unknown_field', body: { temperature: 0 } },
  { rule: 'unknown_field', body: { tool_choice: 'auto' } },
  { rule: 'field_type', body: { messages: 'Hi' } },
  { rule: 'field_type', body: { options: [] } },
  { rule: 'think', body: { think: 'minimal' } },
  { rule: 'format', body: { format: 'yaml' } },
  { rule: 'role', ...messages({ role: 'developer', content: 'x' }) },
  { rule: 'role', ...messages('Hi') },
  { rule: 'content', ...messages({ role: 'user', content: [{ type: 'text', text: 'x' }] }) },
  { rule: 'image', ...messages({ role: 'user', content: 'x', images: ['https://example.com/a.png'] }) },
  { rule: 'image', ...messages({ role: 'user', content: 'x', images: ['data:image/png;base64,aGk='] }) },
  { rule: 'image', ...messages({ role: 'user', content: 'x', images: 'aGk=' }) },
  { rule: 'image', ...messages({ role: 'user', content: 'x', images: ['aGk'] }) },
  { rule: 'tool_arguments', ...messages(calls({ name: 'get', arguments: '{}' })) },
  { rule: 'tool_arguments', ...messages(calls({ name: 'get' })) },
  { rule: 'tool_arguments', ...messages(calls({ arguments: {} })) },
  { rule: 'tool_name', body: { tools: [{ type: 'function', function: {} }] } },
]

test.each(refused)('$rule: $body', (row) => {
  expect(broken(chat, base, row)).toBe(row.rule)
})

const taken: Omit<Row, 'rule'>[] = [
  {},
  {
    body: {
      think: 'high',
      format: 'json',
      keep_alive: '5m',
      options: { num_ctx: 8192, temperature: 0 },
      truncate: false,
    },
  },
  { body: { think: true, format: { type: 'object' }, keep_alive: -1, stream: false } },
  messages({ role: 'user', content: 'x', images: ['aGk='] }),
  messages({ role: 'system', content: 'x' }, calls({ name: 'get', arguments: { a: 1 } }), {
    role: 'tool',
    content: 'ok',
    tool_name: 'get',
    tool_call_id: 'call_1',
  }),
]

test.each(taken)('takes %j', (row) => {
  expect(broken(chat, base, row)).toBeUndefined()
})

test('every rule has a request that breaks it', () => {
  expect(new Set(refused.map((row) => row.rule))).toEqual(new Set(chat.rules.map((rule) => rule.name)))
})
