import type { FieldTable } from '../field-table.ts'

export const requestFields: FieldTable = {
  model: '!string',
  input: '!string|array',
  background: 'boolean',
  context_management: 'array',
  conversation: 'string|object',
  include: 'array',
  instructions: 'string',
  max_output_tokens: 'integer',
  max_tool_calls: 'integer',
  metadata: 'object',
  parallel_tool_calls: 'boolean',
  previous_response_id: 'string',
  prompt: 'object',
  prompt_cache_key: 'string',
  prompt_cache_options: 'object',
  prompt_cache_retention: 'string',
  reasoning: 'object',
  safety_identifier: 'string',
  service_tier: 'string',
  store: 'boolean',
  stream: 'boolean',
  stream_options: 'object',
  temperature: 'number',
  text: 'object',
  tool_choice: 'string|object',
  tools: 'array',
  top_logprobs: 'integer',
  top_p: 'number',
  truncation: 'string',
  user: 'string',
}

export const reasoningFields: FieldTable = {
  effort: 'string',
  summary: 'string',
  generate_summary: 'string',
  mode: 'string',
  context: 'string',
}

export const textFields: FieldTable = { format: 'object', verbosity: 'string' }

export const streamFields: FieldTable = { include_obfuscation: 'boolean' }
