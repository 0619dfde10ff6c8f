import type { Rule } from '../rule.ts'
import { isRecord } from '../narrow.ts'
import { signsCalls } from './signature.ts'

export const generationRules: readonly Rule[] = [
  {
    name: 'thinking_amount',
    check: ({ body }) => {
      const { level, budget } = thinking(body)
      if (level === undefined || budget === undefined) return undefined
      return { message: 'You can only set only one of thinking budget and thinking level.' }
    },
  },
  {
    name: 'thinking_level',
    check: ({ body, model }) =>
      thinking(body).level !== undefined && /^gemini-[12]\b/.test(model)
        ? { message: 'Thinking level is not supported for this model.' }
        : undefined,
  },
  {
    name: 'thinking_off',
    check: ({ body, model }) =>
      thinking(body).budget === 0 && signsCalls(model)
        ? { message: 'Budget 0 is invalid. This model only works in thinking mode.' }
        : undefined,
  },
  {
    name: 'schema_mime_type',
    check: ({ body }) => {
      const config = isRecord(body['generationConfig']) ? body['generationConfig'] : {}
      const schema = config['responseSchema'] ?? config['responseJsonSchema']
      if (schema === undefined || config['responseMimeType'] === 'application/json') return undefined
      return { message: 'response_schema is only supported with response_mime_type application/json' }
    },
  },
]

function thinking(body: Readonly<Record<string, unknown>>): { readonly level?: unknown; readonly budget?: unknown } {
  const config = isRecord(body['generationConfig']) ? body['generationConfig']['thinkingConfig'] : undefined
  return isRecord(config) ? { level: config['thinkingLevel'], budget: config['thinkingBudget'] } : {}
}
