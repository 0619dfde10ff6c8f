import type { Rule } from '../rule.ts'
import { fieldRules } from '../field-table.ts'
import { isRecord } from '../narrow.ts'
import { historyRules } from '../openai/history.ts'
import { pairRules } from '../openai/pairs.ts'
import { toolRules } from '../openai/tools.ts'
import { phrases, providerFields, reasoningFields, requestFields } from './fields.ts'
import { reasoningRules } from './reasoning-details.ts'

export const rules: readonly Rule[] = [
  ...fieldRules(requestFields, phrases),
  ...fieldRules(providerFields, phrases, 'provider'),
  ...fieldRules(reasoningFields, phrases, 'reasoning'),
  {
    name: 'model',
    check: ({ model }) => (model === '' ? { message: 'No models provided' } : undefined),
  },
  {
    name: 'reasoning_amount',
    check: ({ body }) => {
      const { reasoning } = body
      if (
        !isRecord(reasoning) ||
        (reasoning['effort'] ?? null) === null ||
        (reasoning['max_tokens'] ?? null) === null
      ) {
        return undefined
      }
      return { message: 'Only one of "reasoning.effort" and "reasoning.max_tokens" can be specified' }
    },
  },
  ...historyRules({ maxId: 64, userParts: ['text', 'image_url', 'input_audio', 'video_url', 'file'] }),
  ...pairRules,
  ...toolRules,
  ...reasoningRules,
]
