import type { FieldTable, Phrases } from '../field-table.ts'

export const requestFields: FieldTable = {
  model: '!string',
  messages: '!array',
  tools: 'array',
  format: 'string|object',
  options: 'object',
  stream: 'boolean',
  think: 'boolean|string',
  keep_alive: 'string|number',
  truncate: 'boolean',
  shift: 'boolean',
  logprobs: 'boolean',
  top_logprobs: 'integer',
}

export const phrases: Phrases = {
  unknown: (path) => `json: unknown field "${path}"`,
  missing: (path) => `${path} is required`,
  type: (path, expected, found) =>
    `json: cannot unmarshal ${found} into Go struct field ChatRequest.${path} of type ${expected}`,
}
