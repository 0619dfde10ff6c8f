import { expect, test } from 'vitest'
import type { Base, Row } from './rule-table.ts'
import { chat } from '../src/openai/chat.ts'
import { smallest } from './client.ts'
import { broken } from './rule-table.ts'

const base: Base = smallest.openai
const user = { role: 'user', content: 'Hi' }
const call = (id: unknown, args: unknown = '{}', name = 'get'): object => ({
  id,
  type: 'function',
  function: { name, arguments: args },
})
const says = (...tool_calls: object[]): object => ({ role: 'assistant', content: null, tool_calls })
const result = (tool_call_id: unknown): object => ({ role: 'tool', tool_call_id, content: 'ok' })
const tool = { type: 'function', function: { name: 'get', parameters: {} } }
const messages = (...list: unknown[]): { body: Record<string, unknown> } => ({ body: { messages: list } })

const refused: Row[] = [
  { rule: 'required_field', body: { messages: undefined } },
  { rule: 'required_field', body: { model: null } },
  { rule: 'unknown_field', body: { top_k: 5 } },
  { rule: 'unknown_field', body: { thinking: {} } },
  { rule: 'field_type', body: { messages: {} } },
  { rule: 'field_type', body: { seed: '1' } },
  { rule: 'stream_options_unknown_field', body: { stream: true, stream_options: { usage: true } } },
  { rule: 'stream_options_field_type', body: { stream: true, stream_options: { include_usage: 'yes' } } },
  { rule: 'empty_messages', ...messages() },
  { rule: 'role', ...messages({ role: 'model', content: 'x' }) },
  { rule: 'role', ...messages('Hi') },
  { rule: 'content', ...messages({ role: 'user', content: null }) },
  { rule: 'content', ...messages({ role: 'user', content: { text: 'x' } }) },
  { rule: 'content', ...messages({ role: 'user', content: [] }) },
  { rule: 'content', ...messages({ role: 'user', content: [{ type: 'image' }] }) },
  { rule: 'content', ...messages({ role: 'user', content: [{ type: 'video_url' }] }) },
  { rule: 'content', ...messages({ role: 'system', content: [{ type: 'image_url' }] }) },
  { rule: 'tool_calls', ...messages(user, says()) },
  { rule: 'tool_calls', ...messages(user, says({ id: 'a', function: { name: 'get', arguments: '{}' } }), result('a')) },
  { rule: 'tool_calls', ...messages(user, says(call('a', {})), result('a')) },
  { rule: 'tool_calls', ...messages(user, says(call('a', '{}', 'get it')), result('a')) },
  { rule: 'tool_id', ...messages(user, says(call('')), result('')) },
  { rule: 'tool_id', ...messages(user, says(call('x'.repeat(41))), result('x'.repeat(41))) },
  { rule: 'tool_id', ...messages(user, says(call('a')), { role: 'tool', content: 'ok' }) },
  { rule: 'unpaired_tool_result', ...messages(user, result('a')) },
  { rule: 'unpaired_tool_result', ...messages(user, says(call('a')), result('b')) },
  { rule: 'unpaired_tool_result', ...messages(user, says(call('a')), user, result('a')) },
  { rule: 'unanswered_tool_call', ...messages(user, says(call('a'))) },
  { rule: 'unanswered_tool_call', ...messages(user, says(call('a'), call('b')), result('a')) },
  { rule: 'tool_name', body: { tools: [{ ...tool, function: { name: 'get it' } }] } },
  { rule: 'tool_name', body: { tools: [{ ...tool, function: { name: 'x'.repeat(65) } }] } },
  { rule: 'tool_name', body: { tools: [{ name: 'get' }] } },
  { rule: 'tools_empty', body: { tools: [] } },
  { rule: 'tool_choice', body: { tool_choice: 'auto' } },
  { rule: 'tool_choice', body: { tools: [tool], tool_choice: 'any' } },
  { rule: 'tool_choice', body: { tools: [tool], tool_choice: { type: 'function', function: { name: 'set' } } } },
  { rule: 'stream_options', body: { stream_options: { include_usage: true } } },
  { rule: 'temperature_range', body: { temperature: 2.1 } },
  { rule: 'reasoning_effort', body: { reasoning_effort: 'low' } },
  { rule: 'reasoning_effort', model: 'gpt-5-mini', body: { reasoning_effort: 'max' } },
  { rule: 'max_tokens', model: 'o4-mini', body: { max_tokens: 5 } },
  { rule: 'rejected_sampling', model: 'gpt-5-mini', body: { temperature: 0 } },
  { rule: 'rejected_sampling', model: 'o3', body: { top_p: 0.5 } },
  { rule: 'rejected_sampling', model: 'gpt-6', body: { reasoning_effort: 'low', logprobs: true } },
  { rule: 'tools_with_reasoning', model: 'gpt-5.6', body: { tools: [tool] } },
]

test.each(refused)('$rule: $body $model', (row) => {
  expect(broken(chat, base, row)).toBe(row.rule)
})

const taken: Omit<Row, 'rule'>[] = [
  {},
  { body: { stream: true, stream_options: { include_usage: true }, temperature: 0, seed: 1, stop: ['x'] } },
  messages(
    { role: 'developer', content: 'x' },
    { role: 'user', content: [{ type: 'text', text: 'x' }, { type: 'image_url' }] },
  ),
  messages(
    user,
    { role: 'assistant', content: 'x', tool_calls: [call('a'), call('b')] },
    result('b'),
    result('a'),
    user,
  ),
  messages(user, says(call('x'.repeat(40))), result('x'.repeat(40))),
  messages(user, { role: 'assistant', content: 'x', reasoning_content: 'hm' }, user),
  { body: { tools: [tool], tool_choice: { type: 'function', function: { name: 'get' } } } },
  { model: 'gpt-5-mini', body: { temperature: 1, top_p: 1, max_completion_tokens: 5, reasoning_effort: 'minimal' } },
  { model: 'gpt-5.6', body: { temperature: 0, reasoning_effort: 'none', tools: [tool] } },
  { model: 'gpt-5-chat-latest', body: { temperature: 0 } },
  { model: 'deepseek-v4', body: { reasoning_effort: 'low', max_tokens: 5, temperature: 0 } },
]

test.each(taken)('takes %j', (row) => {
  expect(broken(chat, base, row)).toBeUndefined()
})

test('every rule has a request that breaks it', () => {
  const impossible = ['stream_options_required_field']
  expect(new Set([...refused.map((row) => row.rule), ...impossible])).toEqual(
    new Set(chat.rules.map((rule) => rule.name)),
  )
})
