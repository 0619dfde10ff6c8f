import { effortField, type Dialect } from '@wayfare/openai-compatible'
import { readError } from './error.ts'
import { efforts, isReasoningModel } from './reasoning-models.ts'
import { adaptRequest } from './request.ts'

/** Chat completions. */
export const dialect: Dialect = {
  vendor: 'openai',
  baseURL: 'https://api.openai.com/v1',
  keyVariable: 'OPENAI_API_KEY',
  maxTokensField: 'max_completion_tokens',
  asksForUsage: true,
  systemRole: (model) => (isReasoningModel(model) ? 'developer' : 'system'),
  reasoning: (wish, model) => effortField(wish, model, efforts(model, 'chat')),
  adapt: adaptRequest,
  // Chat completions have no place for it.
  replayReasoning: () => ({}),
  readError,
  traits: () => ({ stopsOnAbort: true, tools: true, input: ['image', 'pdf', 'audio', 'url'] }),
}
