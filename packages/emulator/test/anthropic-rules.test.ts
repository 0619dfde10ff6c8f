import { expect, test } from 'vitest'
import type { Base, Row } from './rule-table.ts'
import { chat } from '../src/anthropic/chat.ts'
import { thinkingSignature } from '../src/anthropic/signature.ts'
import { headers, smallest } from './client.ts'
import { broken } from './rule-table.ts'

const base: Base = { ...smallest.anthropic, headers: headers.anthropic }
const user = { role: 'user', content: 'Hi' }
const says = (...content: object[]): object => ({ role: 'assistant', content })
const hears = (...content: object[]): object => ({ role: 'user', content })
const call = (id: string, input: unknown = {}): object => ({ type: 'tool_use', id, name: 'get', input })
const result = (id: string): object => ({ type: 'tool_result', tool_use_id: id, content: 'ok' })
const text = { type: 'text', text: 'x' }
const thought = (thinking: string, signature?: string): object => ({ type: 'thinking', thinking, signature })
const tool = { name: 'get', input_schema: { type: 'object' } }
const marked = { ...text, cache_control: { type: 'ephemeral' } }
const messages = (...list: unknown[]): { body: Record<string, unknown> } => ({ body: { messages: list } })
const thinking = (type: string, more: object = {}): Record<string, unknown> => ({ thinking: { type, ...more } })

const refused: Row[] = [
  { rule: 'anthropic_version', headers: { 'anthropic-version': '' } },
  { rule: 'beta_field', body: { speed: 'fast' } },
  { rule: 'beta_field', body: { fallbacks: [] }, headers: { 'anthropic-beta': 'fast-mode-2026-02-01' } },
  { rule: 'required_field', body: { max_tokens: undefined } },
  { rule: 'required_field', body: { messages: null } },
  { rule: 'unknown_field', body: { frequency_penalty: 1 } },
  { rule: 'unknown_field', body: { __proto__x: 1 } },
  { rule: 'field_type', body: { messages: 'Hi' } },
  { rule: 'field_type', body: { max_tokens: 1.5 } },
  { rule: 'field_type', body: { stream: 'yes' } },
  { rule: 'thinking_required_field', body: { thinking: {} } },
  { rule: 'thinking_unknown_field', body: thinking('adaptive', { effort: 'low' }) },
  { rule: 'thinking_field_type', body: thinking('adaptive', { display: 1 }) },
  { rule: 'output_config_unknown_field', body: { output_config: { verbosity: 'low' } } },
  { rule: 'output_config_field_type', body: { output_config: { format: 'json' } } },
  { rule: 'empty_messages', ...messages() },
  { rule: 'role', ...messages({ role: 'system', content: 'x' }) },
  { rule: 'role', ...messages('Hi') },
  { rule: 'first_role', ...messages({ role: 'assistant', content: 'x' }) },
  { rule: 'empty_content', ...messages({ role: 'user', content: '' }) },
  { rule: 'empty_content', ...messages({ role: 'user' }) },
  { rule: 'empty_content', ...messages(hears({ type: 'text', text: '' })) },
  { rule: 'empty_content', ...messages(user, says(), user) },
  { rule: 'block_type', ...messages(hears({ type: 'file' })) },
  { rule: 'block_type', ...messages(hears(call('a'))) },
  { rule: 'block_type', ...messages(user, says(result('a'))) },
  { rule: 'tool_id', ...messages(user, says(call('a b')), hears(result('a b'))) },
  { rule: 'tool_id', ...messages(user, says(call('')), hears(result(''))) },
  { rule: 'tool_input', ...messages(user, says(call('a', '{}')), hears(result('a'))) },
  { rule: 'tool_input', ...messages(user, says(call('a', [])), hears(result('a'))) },
  { rule: 'cache_control_count', ...messages(hears(marked, marked, marked, marked, marked)) },
  { rule: 'unanswered_tool_call', ...messages(user, says(call('a'))) },
  { rule: 'unanswered_tool_call', ...messages(user, says(call('a'), call('b')), hears(result('a'))) },
  { rule: 'unanswered_tool_call', ...messages(user, says(call('a')), user, hears(result('a'))) },
  { rule: 'unpaired_tool_result', ...messages(hears(result('a'))) },
  { rule: 'unpaired_tool_result', ...messages(user, says(call('a')), hears(result('a'), result('a'))) },
  {
    rule: 'duplicate_tool_id',
    ...messages(user, says(call('a')), hears(result('a')), says(call('a')), hears(result('a'))),
  },
  { rule: 'missing_signature', ...messages(user, says(thought('hm'), text), user) },
  { rule: 'missing_signature', ...messages(user, says({ type: 'redacted_thinking' }, text), user) },
  { rule: 'foreign_signature', ...messages(user, says(thought('hm', 'CiQBgoogle'), text), user) },
  { rule: 'foreign_signature', ...messages(user, says(thought('hm!', thinkingSignature('hm')), text), user) },
  { rule: 'tool_name', body: { tools: [{ ...tool, name: 'get it' }] } },
  { rule: 'tool_name', body: { tools: [{ ...tool, name: 'x'.repeat(129) }] } },
  { rule: 'duplicate_tool', body: { tools: [tool, tool] } },
  { rule: 'tool_schema', body: { tools: [{ name: 'get' }] } },
  { rule: 'tool_schema', body: { tools: [{ name: 'get', input_schema: { type: 'string' } }] } },
  { rule: 'tool_choice', body: { tools: [tool], tool_choice: { type: 'required' } } },
  { rule: 'tool_choice', body: { tool_choice: { type: 'auto' } } },
  { rule: 'tool_choice', body: { tools: [tool], tool_choice: { type: 'tool', name: 'set' } } },
  { rule: 'max_tokens', body: { max_tokens: 0 } },
  { rule: 'temperature_range', body: { temperature: 1.5 } },
  { rule: 'temperature_and_top_p', body: { temperature: 1, top_p: 0.9 } },
  { rule: 'rejected_sampling', model: 'claude-opus-4-7', body: { temperature: 0 } },
  { rule: 'rejected_sampling', model: 'claude-opus-4-8-20260901', body: { top_k: 5 } },
  { rule: 'rejected_sampling', model: 'claude-sonnet-5', body: { top_p: 0.5 } },
  { rule: 'rejected_sampling', model: 'claude-fable-5-1', body: { temperature: 1 } },
  {
    rule: 'sampling_with_thinking',
    body: { ...thinking('enabled', { budget_tokens: 1024 }), max_tokens: 2000, top_k: 5 },
  },
  { rule: 'thinking_type', body: thinking('on') },
  {
    rule: 'thinking_mode',
    model: 'claude-opus-5-5',
    body: { ...thinking('enabled', { budget_tokens: 1024 }), max_tokens: 2000 },
  },
  { rule: 'thinking_mode', model: 'claude-sonnet-5-5', body: thinking('disabled') },
  { rule: 'thinking_mode', model: 'claude-fable-5-2', body: thinking('disabled') },
  { rule: 'thinking_mode', body: thinking('between_tools') },
  { rule: 'thinking_budget', body: thinking('enabled') },
  { rule: 'thinking_budget', body: { ...thinking('enabled', { budget_tokens: 1023 }), max_tokens: 2000 } },
  { rule: 'thinking_budget', body: { ...thinking('enabled', { budget_tokens: 2000 }), max_tokens: 2000 } },
  { rule: 'effort', body: { output_config: { effort: 'minimal' } } },
  { rule: 'effort_without_thinking', body: { ...thinking('disabled'), output_config: { effort: 'max' } } },
  { rule: 'forced_tool', model: 'claude-opus-5-5', body: { tools: [tool], tool_choice: { type: 'any' } } },
  {
    rule: 'forced_tool',
    model: 'claude-fable-5-1',
    body: { tools: [tool], tool_choice: { type: 'tool', name: 'get' } },
  },
  {
    rule: 'forced_tool',
    body: {
      ...thinking('enabled', { budget_tokens: 1024 }),
      max_tokens: 2000,
      tools: [tool],
      tool_choice: { type: 'any' },
    },
  },
]

test.each(refused)('$rule: $body $model $headers', (row) => {
  expect(broken(chat, base, row)).toBe(row.rule)
})

const data = { cache_control: { type: 'ephemeral' } }

const taken: Omit<Row, 'rule'>[] = [
  { model: 'claude-sonnet-5', body: { ...thinking('enabled', { budget_tokens: 1024 }), max_tokens: 2000 } },
  messages(user, says(call('a', { list: [data, data, data, data, data] })), hears(result('a'))),
  {},
  { body: { system: 'x', temperature: 0.5, stop_sequences: ['x'], metadata: { user_id: 'u' } } },
  { body: { speed: 'fast' }, headers: { 'anthropic-beta': 'other-1, fast-mode-2026-02-01' } },
  messages(user, says()),
  messages(user, says(text, call('toolu_1'), call('toolu_2')), hears(result('toolu_2'), result('toolu_1'), text)),
  messages(user, says(thought('hm', thinkingSignature('hm')), text), user),
  messages(user, says(thought('', thinkingSignature('')), call('a')), hears(result('a'))),
  messages(user, says({ type: 'redacted_thinking', data: 'opaque' }, text), user),
  messages(
    user,
    says(
      { type: 'server_tool_use', id: 's', name: 'web_search', input: {} },
      { type: 'web_search_tool_result', tool_use_id: 's', content: [] },
      text,
    ),
    user,
  ),
  messages(hears(marked, marked, marked, marked)),
  { body: { tools: [tool, { type: 'web_search_20260209', name: 'web_search' }], tool_choice: { type: 'any' } } },
  { model: 'claude-opus-4-6', body: { temperature: 0 } },
  { model: 'claude-sonnet-4-20250514', body: { top_p: 0.9 } },
  {
    model: 'claude-opus-5-5',
    body: { ...thinking('adaptive', { display: 'summarized' }), output_config: { effort: 'max' } },
  },
  { model: 'claude-sonnet-5-5', body: thinking('between_tools') },
  { body: { ...thinking('enabled', { budget_tokens: 1024 }), max_tokens: 2000, temperature: 1 } },
  { model: 'some-gateway-model', body: { temperature: 0 } },
]

test.each(taken)('takes %j', (row) => {
  expect(broken(chat, base, row)).toBeUndefined()
})

test('every rule has a request that breaks it', () => {
  const impossible = ['output_config_required_field']
  expect(new Set([...refused.map((row) => row.rule), ...impossible])).toEqual(
    new Set(chat.rules.map((rule) => rule.name)),
  )
})
