import { expect, test } from 'vitest'
import type { Base, Row } from './rule-table.ts'
import { callSignature, textSignature } from '../src/google/signature.ts'
import { chat } from '../src/google/chat.ts'
import { smallest } from './client.ts'
import { broken } from './rule-table.ts'

const base: Base = { ...smallest.google, modelInPath: true }
const hears = (...parts: unknown[]): object => ({ role: 'user', parts })
const says = (...parts: unknown[]): object => ({ role: 'model', parts })
const text = { text: 'Hi' }
const call = (name: string, more: object = {}, args: unknown = {}): object => ({
  functionCall: { name, args },
  ...more,
})
const answer = (name: string, response: unknown = { ok: true }): object => ({ functionResponse: { name, response } })
const signed = (name: string): object => call(name, { thoughtSignature: callSignature(name, {}) })
const contents = (...list: unknown[]): { body: Record<string, unknown> } => ({ body: { contents: list } })
const three = 'gemini-3-pro-preview'
const config = (generationConfig: object): { body: Record<string, unknown> } => ({ body: { generationConfig } })
const declared = (...functionDeclarations: object[]): Record<string, unknown> => ({ tools: [{ functionDeclarations }] })
const choice = (functionCallingConfig: object): Record<string, unknown> => ({ toolConfig: { functionCallingConfig } })

const refused: Row[] = [
  { rule: 'required_field', body: { contents: undefined } },
  { rule: 'unknown_field', body: { messages: [] } },
  { rule: 'unknown_field', body: { model: 'gemini-2.5-flash' } },
  { rule: 'field_type', body: { contents: 'Hi' } },
  { rule: 'field_type', body: { systemInstruction: 'Hi' } },
  { rule: 'generationConfig_unknown_field', ...config({ maxTokens: 5 }) },
  { rule: 'generationConfig_field_type', ...config({ topK: 1.5 }) },
  { rule: 'empty_contents', ...contents() },
  { rule: 'role', ...contents({ role: 'assistant', parts: [text] }) },
  { rule: 'role', ...contents({ role: 'system', parts: [text] }) },
  { rule: 'role', ...contents({ role: 'function', parts: [text] }) },
  { rule: 'empty_parts', ...contents(hears()) },
  { rule: 'empty_parts', ...contents({ role: 'user', parts: 'Hi' }) },
  { rule: 'part', ...contents(hears({})) },
  { rule: 'part', ...contents(hears('Hi')) },
  { rule: 'part', ...contents(hears({ ...text, ...answer('get') })) },
  { rule: 'part', ...contents(hears({ inlineData: { data: 'aGk=' } })) },
  { rule: 'part', ...contents(hears({ inlineData: { mimeType: 'image/png', data: 'data:image/png;base64,aGk=' } })) },
  { rule: 'function_args', ...contents(hears(text), says(call('get', {}, '{}')), hears(answer('get'))) },
  { rule: 'function_response', ...contents(hears(text), says(call('get')), hears(answer('get', 'ok'))) },
  { rule: 'function_response', ...contents(hears(text), says(call('get')), hears(answer('get', ['ok']))) },
  { rule: 'unanswered_tool_call', ...contents(hears(text), says(call('get'))) },
  { rule: 'unanswered_tool_call', ...contents(hears(text), says(call('get')), hears(text)) },
  {
    rule: 'unanswered_tool_call',
    ...contents(hears(text), says(call('get'), call('set')), hears(answer('get')), hears(answer('set'))),
  },
  {
    rule: 'unanswered_tool_call',
    ...contents(hears(text), says(call('get')), hears(answer('get'), answer('get'))),
  },
  { rule: 'unpaired_tool_result', ...contents(hears(answer('get'))) },
  { rule: 'unpaired_tool_result', ...contents(hears(text), says(call('get')), hears(answer('set'))) },
  {
    rule: 'unpaired_tool_result',
    ...contents(hears(text), says(call('get'), call('set')), hears(answer('set'), answer('get'))),
  },
  { rule: 'call_position', ...contents(says(call('get')), hears(answer('get'))) },
  { rule: 'call_position', ...contents(hears(text), says(text), says(call('get')), hears(answer('get'))) },
  { rule: 'missing_signature', model: three, ...contents(hears(text), says(call('get')), hears(answer('get'))) },
  {
    rule: 'missing_signature',
    model: three,
    ...contents(hears(text), says(call('get'), signed('set')), hears(answer('get'), answer('set'))),
  },
  {
    rule: 'foreign_signature',
    model: three,
    ...contents(hears(text), says(call('get', { thoughtSignature: 'EqMBanthropic' })), hears(answer('get'))),
  },
  {
    rule: 'foreign_signature',
    ...contents(hears(text), says(call('get', { thoughtSignature: callSignature('set', {}) })), hears(answer('get'))),
  },
  { rule: 'foreign_signature', ...contents(hears(text), says({ ...text, thoughtSignature: 'x' }), hears(text)) },
  { rule: 'tool_name', body: declared({ name: '1st' }) },
  { rule: 'tool_name', body: declared({ name: 'x'.repeat(65) }) },
  { rule: 'tool_schema', body: declared({ name: 'get', parameters: {}, parametersJsonSchema: {} }) },
  { rule: 'duplicate_tool', body: declared({ name: 'get' }, { name: 'get' }) },
  { rule: 'tool_choice', body: choice({ mode: 'REQUIRED' }) },
  {
    rule: 'tool_choice',
    body: { ...declared({ name: 'get' }), ...choice({ mode: 'AUTO', allowedFunctionNames: ['get'] }) },
  },
  {
    rule: 'tool_choice',
    body: { ...declared({ name: 'get' }), ...choice({ mode: 'ANY', allowedFunctionNames: ['set'] }) },
  },
  { rule: 'thinking_amount', model: three, ...config({ thinkingConfig: { thinkingLevel: 'low', thinkingBudget: 5 } }) },
  { rule: 'thinking_level', ...config({ thinkingConfig: { thinkingLevel: 'low' } }) },
  { rule: 'thinking_off', model: three, ...config({ thinkingConfig: { thinkingBudget: 0 } }) },
  { rule: 'schema_mime_type', ...config({ responseJsonSchema: {} }) },
]

test.each(refused)('$rule: $body $model', (row) => {
  expect(broken(chat, base, row)).toBe(row.rule)
})

const taken: Omit<Row, 'rule'>[] = [
  {},
  { body: { systemInstruction: { parts: [text] }, cachedContent: 'cachedContents/x', safetySettings: [] } },
  config({ temperature: 0, topK: 5, maxOutputTokens: 5, thinkingConfig: { thinkingBudget: 0 }, stopSequences: ['x'] }),
  config({ responseMimeType: 'application/json', responseJsonSchema: {} }),
  { model: three, ...config({ thinkingConfig: { thinkingLevel: 'low', includeThoughts: true } }) },
  contents(hears(text, { inlineData: { mimeType: 'image/png', data: 'aGk=' } }), says(text), hears(text)),
  contents(hears(text), says(call('get'), call('set')), hears(answer('get'), answer('set'))),
  { model: three, ...contents(hears(text), says(signed('get'), call('set')), hears(answer('get'), answer('set'))) },
  {
    model: three,
    ...contents(
      hears(text),
      says(call('get', { thoughtSignature: 'skip_thought_signature_validator' })),
      hears(answer('get')),
    ),
  },
  contents(hears(text), says(text, { text: '', thoughtSignature: textSignature('Hi') }), hears(text)),
  {
    body: {
      ...declared({ name: 'get', parametersJsonSchema: {} }),
      ...choice({ mode: 'ANY', allowedFunctionNames: ['get'] }),
    },
  },
]

test.each(taken)('takes %j', (row) => {
  expect(broken(chat, base, row)).toBeUndefined()
})

test('every rule has a request that breaks it', () => {
  const impossible = ['generationConfig_required_field']
  expect(new Set([...refused.map((row) => row.rule), ...impossible])).toEqual(
    new Set(chat.rules.map((rule) => rule.name)),
  )
})
