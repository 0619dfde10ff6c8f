import type { FieldTable, Phrases } from '../field-table.ts'
import { chatFields } from '../openai/fields.ts'

/** The dialect and this vendor's extras. `model` may be left out for `models`. */
export const requestFields: FieldTable = {
  ...chatFields,
  model: 'string',
  models: 'array',
  provider: 'object',
  reasoning: 'object',
  include_reasoning: 'boolean',
  plugins: 'array',
  route: 'string',
  session_id: 'string',
  cache_control: 'object',
  usage: 'object',
  trace: 'object',
  debug: 'object',
  image_config: 'object',
  structured_outputs: 'boolean',
  min_p: 'number',
  top_a: 'number',
  top_k: 'number',
  repetition_penalty: 'number',
}

export const providerFields: FieldTable = {
  order: 'array',
  only: 'array',
  ignore: 'array',
  allow_fallbacks: 'boolean',
  require_parameters: 'boolean',
  data_collection: 'string',
  zdr: 'boolean',
  sort: 'string|object',
  max_price: 'object',
  quantizations: 'array',
  preferred_min_throughput: 'number|object',
  preferred_max_latency: 'number|object',
  enforce_distillable_text: 'boolean',
}

export const reasoningFields: FieldTable = {
  effort: 'string',
  max_tokens: 'integer',
  exclude: 'boolean',
  enabled: 'boolean',
  summary: 'string',
}

export const phrases: Phrases = {
  unknown: (path) => `Unrecognized key: "${path}"`,
  missing: (path) => `Invalid input: expected "${path}", received undefined`,
  type: (path, expected, found) => `Invalid input at "${path}": expected ${expected}, received ${found}`,
}
