import type { FieldTable, Phrases } from '../field-table.ts'

/** What every Chat Completions dialect takes. */
export const chatFields: FieldTable = {
  messages: '!array',
  frequency_penalty: 'number',
  logit_bias: 'object',
  logprobs: 'boolean',
  max_completion_tokens: 'integer',
  max_tokens: 'integer',
  metadata: 'object',
  modalities: 'array',
  parallel_tool_calls: 'boolean',
  prediction: 'object',
  presence_penalty: 'number',
  prompt_cache_key: 'string',
  prompt_cache_options: 'object',
  reasoning_effort: 'string',
  response_format: 'object',
  seed: 'integer',
  service_tier: 'string',
  stop: 'string|array',
  stream: 'boolean',
  stream_options: 'object',
  temperature: 'number',
  tool_choice: 'string|object',
  tools: 'array',
  top_logprobs: 'integer',
  top_p: 'number',
  user: 'string',
  verbosity: 'string',
}

export const requestFields: FieldTable = {
  ...chatFields,
  model: '!string',
  audio: 'object',
  function_call: 'string|object',
  functions: 'array',
  n: 'integer',
  prompt_cache_retention: 'string',
  safety_identifier: 'string',
  store: 'boolean',
  web_search_options: 'object',
}

export const streamFields: FieldTable = { include_usage: 'boolean', include_obfuscation: 'boolean' }

export const phrases: Phrases = {
  unknown: (path) => `Unknown parameter: '${path}'.`,
  missing: (path) => `Missing required parameter: '${path}'.`,
  type: (path, expected, found) =>
    `Invalid type for '${path}': expected ${expected.split('|').join(' or ')}, but got ${found} instead.`,
}
