import { keepDetails, reasoningField, replayDetails, type Dialect } from '@wayfare/openai-compatible'
import { balance } from './balance.ts'
import { reportedUsd } from './cost.ts'
import { readError } from './error.ts'
import { readModel } from './models.ts'

export const dialect: Dialect = {
  vendor: 'openrouter',
  baseURL: 'https://openrouter.ai/api/v1',
  keyVariable: 'OPENROUTER_API_KEY',
  fileURLs: true,
  cacheControl: true,
  toolCallId: { valid: /^.{1,64}$/s, make: (_, index) => `call_${index}` },
  reasoning: reasoningField,
  keepReasoning: keepDetails,
  replayReasoning: replayDetails,
  reportedUsd,
  upstream: ({ provider }) => (typeof provider === 'string' && provider !== '' ? provider : undefined),
  requestIdHeader: 'x-generation-id',
  billsUnanswered: true,
  readError,
  model: readModel,
  balance,
  healthPath: 'key',
  // Whether generation stops with the connection depends on the host behind it.
  traits: (model) => (model.endsWith(':free') ? { free: true } : {}),
}
