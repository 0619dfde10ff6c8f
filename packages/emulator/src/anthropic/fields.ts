import type { FieldTable, Phrases } from '../field-table.ts'

export const requestFields: FieldTable = {
  model: '!string',
  max_tokens: '!integer',
  messages: '!array',
  system: 'string|array',
  stream: 'boolean',
  stop_sequences: 'array',
  temperature: 'number',
  top_p: 'number',
  top_k: 'integer',
  tools: 'array',
  tool_choice: 'object',
  thinking: 'object',
  output_config: 'object',
  metadata: 'object',
  service_tier: 'string',
  inference_geo: 'string',
  cache_control: 'object',
  container: 'string|object',
  mcp_servers: 'array',
  context_management: 'object',
  fallbacks: 'array',
  speed: 'string',
}

/** Fields that exist only with a beta header that begins so. */
export const betaFields: Readonly<Record<string, string>> = {
  context_management: 'context-management-',
  fallbacks: 'server-side-fallback-',
  speed: 'fast-mode-',
  mcp_servers: 'mcp-client-',
}

export const thinkingFields: FieldTable = { type: '!string', budget_tokens: 'integer', display: 'string' }

export const outputFields: FieldTable = { format: 'object', effort: 'string', task_budget: 'object' }

const typeNames: Readonly<Record<string, string>> = {
  array: 'list',
  object: 'dictionary',
}

export const phrases: Phrases = {
  unknown: (path) => `${path}: Extra inputs are not permitted`,
  missing: (path) => `${path}: Field required`,
  type: (path, expected) => {
    const name = expected.split('|')[0] ?? expected
    return `${path}: Input should be a valid ${typeNames[name] ?? name}`
  },
}
