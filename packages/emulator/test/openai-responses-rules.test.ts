import { expect, test } from 'vitest'
import { responses } from '../src/openai-responses/chat.ts'
import { encryptedContent } from '../src/openai-responses/signature.ts'
import type { Base, Row } from './rule-table.ts'
import { broken } from './rule-table.ts'

const user = { role: 'user', content: 'Hi' }
const base: Base = { model: 'gpt-4o-mini', body: { input: [user] } }
const input = (...list: unknown[]): { body: Record<string, unknown> } => ({ body: { store: false, input: list } })
const says = (part: unknown, more: object = {}): object => ({
  type: 'message',
  role: 'assistant',
  content: [part],
  ...more,
})
const text = { type: 'output_text', text: 'Hi' }
const call = (call_id: unknown, more: object = {}): object => ({
  type: 'function_call',
  call_id,
  name: 'get',
  arguments: '{}',
  ...more,
})
const result = (call_id: unknown, output: unknown = 'ok'): object => ({
  type: 'function_call_output',
  call_id,
  output,
})
const thought = (more: object = {}): object => ({
  type: 'reasoning',
  id: 'rs_emu1',
  summary: [{ type: 'summary_text', text: 'hm' }],
  encrypted_content: encryptedContent('rs_emu1', 'hm'),
  ...more,
})
const schema = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'], additionalProperties: false }
const tool = { type: 'function', name: 'get', parameters: schema, strict: true }
const format = (more: object): object => ({ format: { type: 'json_schema', name: 'o', schema, strict: true, ...more } })

const refused: Row[] = [
  { rule: 'required_field', body: { input: undefined } },
  { rule: 'required_field', body: { model: null } },
  { rule: 'unknown_field', body: { messages: [] } },
  { rule: 'unknown_field', body: { stop: ['x'] } },
  { rule: 'unknown_field', body: { seed: 1 } },
  { rule: 'unknown_field', body: { max_tokens: 99 } },
  { rule: 'unknown_field', body: { reasoning_effort: 'low' } },
  { rule: 'field_type', body: { input: {} } },
  { rule: 'field_type', body: { store: 'no' } },
  { rule: 'reasoning_unknown_field', body: { reasoning: { max_tokens: 5 } } },
  { rule: 'reasoning_field_type', body: { reasoning: { effort: 1 } } },
  { rule: 'text_unknown_field', body: { text: { effort: 'low' } } },
  { rule: 'text_field_type', body: { text: { format: 'json' } } },
  { rule: 'stream_options_unknown_field', body: { stream_options: { include_usage: true } } },
  { rule: 'stream_options_field_type', body: { stream_options: { include_obfuscation: 'no' } } },
  { rule: 'empty_input', ...input() },
  { rule: 'item_type', ...input('Hi') },
  { rule: 'item_type', ...input({ role: 'tool', content: 'x' }) },
  { rule: 'item_type', ...input({ type: 'tool_use' }) },
  { rule: 'item_type', ...input({}) },
  { rule: 'content', ...input({ role: 'user', content: [{ type: 'text', text: 'x' }] }) },
  { rule: 'content', ...input({ role: 'user', content: [text] }) },
  { rule: 'content', ...input({ role: 'user', content: null }) },
  { rule: 'content', ...input({ role: 'user', content: [{ type: 'input_image' }] }) },
  { rule: 'content', ...input({ role: 'user', content: [{ type: 'input_file', filename: 'a' }] }) },
  { rule: 'content', ...input(says({ type: 'input_text', text: 'x' })) },
  { rule: 'content', ...input(call('a'), result('a', { ok: true })) },
  { rule: 'content', ...input(call('a'), result('a', [text])) },
  { rule: 'item_id', ...input(says(text, { id: 'x' })) },
  { rule: 'item_id', ...input(call('a', { id: 'msg_1' }), result('a')) },
  { rule: 'call_id', ...input(call(''), result('')) },
  { rule: 'call_id', ...input(call('x'.repeat(65)), result('x'.repeat(65))) },
  { rule: 'call', ...input(call('a', { arguments: {} }), result('a')) },
  { rule: 'call', ...input(call('a', { name: 'get it' }), result('a')) },
  { rule: 'unpaired_tool_output', ...input(user, result('a')) },
  { rule: 'unpaired_tool_output', ...input(call('a'), result('a'), result('b')) },
  { rule: 'unanswered_tool_call', ...input(call('a')) },
  { rule: 'unanswered_tool_call', ...input(call('a'), call('b'), result('a')) },
  {
    rule: 'unanswered_tool_call',
    ...input({ type: 'custom_tool_call', call_id: 'a', name: 'get', input: '' }, result('a'), call('a')),
  },
  { rule: 'reasoning_not_stored', ...input(thought({ encrypted_content: null }), says(text)) },
  { rule: 'foreign_reasoning', ...input(thought({ encrypted_content: 'gAAAAAother' }), says(text)) },
  { rule: 'foreign_reasoning', ...input(thought({ summary: [] }), says(text)) },
  { rule: 'reasoning_without_item', ...input(thought()) },
  { rule: 'reasoning_without_item', ...input(thought(), user) },
  { rule: 'item_without_reasoning', ...input(says(text, { id: 'msg_emu1r' })) },
  { rule: 'item_without_reasoning', ...input(call('a', { id: 'fc_emu1r_0' }), result('a')) },
  { rule: 'tool_name', body: { tools: [{ type: 'function', function: { name: 'get' } }] } },
  { rule: 'tool_name', body: { tools: [{ ...tool, name: 'get it' }] } },
  { rule: 'tool_name', body: { tools: [{ name: 'get' }] } },
  { rule: 'tool_choice', body: { tools: [tool], tool_choice: 'any' } },
  { rule: 'tool_choice', body: { tool_choice: 'required' } },
  { rule: 'tool_choice', body: { tools: [tool], tool_choice: { type: 'function', name: 'set' } } },
  { rule: 'tool_choice', body: { tools: [tool], tool_choice: { type: 'function', function: { name: 'get' } } } },
  { rule: 'schema_root', body: { tools: [{ ...tool, parameters: { anyOf: [schema] } }] } },
  { rule: 'schema_root', body: { text: format({ schema: { type: 'array' } }) } },
  { rule: 'strict_schema', body: { tools: [{ ...tool, parameters: { ...schema, additionalProperties: true } }] } },
  { rule: 'strict_schema', body: { text: format({ schema: { ...schema, required: [] } }) } },
  { rule: 'strict_schema', body: { text: format({ schema: { ...schema, properties: { a: {} } } }) } },
  { rule: 'strict_schema', body: { text: format({ schema: { ...schema, properties: { a: { minLength: 1 } } } }) } },
  { rule: 'strict_schema', body: { text: format({ schema: { ...schema, allOf: [] } }) } },
  {
    rule: 'strict_schema',
    body: { text: format({ schema: { ...schema, properties: { a: { $ref: '#', description: 'd' } } } }) },
  },
  { rule: 'text_format', body: { text: format({ name: undefined }) } },
  { rule: 'temperature_range', body: { temperature: 2.1 } },
  { rule: 'max_output_tokens', body: { max_output_tokens: 15 } },
  { rule: 'reasoning_effort', body: { reasoning: { effort: 'low' } } },
  { rule: 'reasoning_effort', model: 'gpt-5-mini', body: { reasoning: { effort: 'huge' } } },
  { rule: 'encrypted_content', body: { include: ['reasoning.encrypted_content'] } },
  { rule: 'rejected_sampling', model: 'gpt-5-mini', body: { temperature: 0 } },
  { rule: 'rejected_sampling', model: 'o3', body: { top_p: 0.5 } },
]

test.each(refused)('$rule: $body $model', (row) => {
  expect(broken(responses, base, row)).toBe(row.rule)
})

const taken: Omit<Row, 'rule'>[] = [
  {},
  { body: { input: 'Hi', temperature: 0, max_output_tokens: 16, stream: true } },
  input(
    { role: 'developer', content: 'x' },
    {
      type: 'message',
      role: 'user',
      content: [
        { type: 'input_text', text: 'x' },
        { type: 'input_image', image_url: 'x' },
      ],
    },
  ),
  input(thought(), says(text, { id: 'msg_emu1r', status: 'completed' }), user),
  input(thought(), call('a', { id: 'fc_emu1r_0' }), call('b', { id: 'fc_emu1r_1' }), result('b'), result('a', [])),
  { body: { input: [thought({ encrypted_content: null }), says(text)], store: true } },
  { body: { input: [result('a')], previous_response_id: 'resp_1' } },
  input(
    { type: 'custom_tool_call', call_id: 'a', name: 'get', input: '' },
    { type: 'custom_tool_call_output', call_id: 'a', output: '' },
  ),
  input(says({ type: 'refusal', refusal: 'No.' })),
  { body: { tools: [tool, { type: 'web_search' }], tool_choice: { type: 'function', name: 'get' } } },
  { body: { tools: [{ ...tool, strict: false, parameters: { type: 'object' } }], tool_choice: 'none' } },
  { body: { text: { ...format({}), verbosity: 'low' } } },
  {
    model: 'gpt-5.6',
    body: { reasoning: { effort: 'max', summary: 'auto' }, include: ['reasoning.encrypted_content'] },
  },
  { model: 'gpt-5.4', body: { reasoning: { effort: 'none' }, temperature: 0 } },
]

test.each(taken)('takes %j', (row) => {
  expect(broken(responses, base, row)).toBeUndefined()
})

test('every rule has a request that breaks it', () => {
  const impossible = ['reasoning_required_field', 'text_required_field', 'stream_options_required_field']
  expect(new Set([...refused.map((row) => row.rule), ...impossible])).toEqual(
    new Set(responses.rules.map((rule) => rule.name)),
  )
})
