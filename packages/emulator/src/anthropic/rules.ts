import type { Rule } from '../rule.ts'
import { fieldRules } from '../field-table.ts'
import { betaFields, outputFields, phrases, requestFields, thinkingFields } from './fields.ts'
import { historyRules } from './history.ts'
import { pairRules } from './pairs.ts'
import { samplingRules } from './sampling.ts'
import { signatureRules } from './thinking-blocks.ts'
import { toolRules } from './tools.ts'

const headerRules: readonly Rule[] = [
  {
    name: 'anthropic_version',
    check: ({ headers }) =>
      headers['anthropic-version'] ? undefined : { message: 'anthropic-version: header is required' },
  },
  {
    name: 'beta_field',
    check: ({ body, headers }) => {
      const betas = (headers['anthropic-beta'] ?? '').split(',').map((beta) => beta.trim())
      const field = Object.keys(betaFields).find(
        (key) => body[key] !== undefined && !betas.some((beta) => beta.startsWith(betaFields[key] ?? '')),
      )
      return field === undefined ? undefined : { message: phrases.unknown(field) }
    },
  },
]

export const rules: readonly Rule[] = [
  ...headerRules,
  ...fieldRules(requestFields, phrases),
  ...fieldRules(thinkingFields, phrases, 'thinking'),
  ...fieldRules(outputFields, phrases, 'output_config'),
  ...historyRules,
  ...pairRules,
  ...signatureRules,
  ...toolRules,
  ...samplingRules,
]
