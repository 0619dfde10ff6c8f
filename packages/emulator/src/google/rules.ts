import type { Rule } from '../rule.ts'
import { fieldRules } from '../field-table.ts'
import { generationFields, phrases, requestFields } from './fields.ts'
import { generationRules } from './generation.ts'
import { historyRules } from './history.ts'
import { pairRules } from './pairs.ts'
import { signatureRules } from './thought-signatures.ts'
import { toolRules } from './tools.ts'

export const rules: readonly Rule[] = [
  ...fieldRules(requestFields, phrases),
  ...fieldRules(generationFields, phrases, 'generationConfig'),
  ...historyRules,
  ...pairRules,
  ...signatureRules,
  ...toolRules,
  ...generationRules,
]
