import type { Rule } from '../rule.ts'
import { fieldRules } from '../field-table.ts'
import { phrases, requestFields } from './fields.ts'
import { historyRules } from './history.ts'
import { toolRules } from './tools.ts'

const levels = ['low', 'medium', 'high', 'max']

export const rules: readonly Rule[] = [
  ...fieldRules(requestFields, phrases),
  {
    name: 'think',
    check: ({ body }) => {
      const think = body['think'] ?? null
      if (typeof think !== 'string' || levels.includes(think)) return undefined
      return { message: `invalid think value: "${think}" (must be "high", "medium", "low", "max", true, or false)` }
    },
  },
  {
    name: 'format',
    check: ({ body }) =>
      typeof body['format'] === 'string' && !['json', ''].includes(body['format'])
        ? { message: `invalid format: "${body['format']}"; expected "json" or a valid JSON Schema object` }
        : undefined,
  },
  ...historyRules,
  ...toolRules,
]
