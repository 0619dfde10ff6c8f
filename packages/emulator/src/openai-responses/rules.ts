import type { Rule } from '../rule.ts'
import { fieldRules } from '../field-table.ts'
import { phrases } from '../openai/fields.ts'
import { reasoningFields, requestFields, streamFields, textFields } from './fields.ts'
import { inputRules } from './input.ts'
import { pairRules } from './pairs.ts'
import { samplingRules } from './sampling.ts'
import { schemaRules } from './schemas.ts'
import { thoughtRules } from './thoughts.ts'
import { toolRules } from './tools.ts'

export const rules: readonly Rule[] = [
  ...fieldRules(requestFields, phrases),
  ...fieldRules(reasoningFields, phrases, 'reasoning'),
  ...fieldRules(textFields, phrases, 'text'),
  ...fieldRules(streamFields, phrases, 'stream_options'),
  ...inputRules,
  ...pairRules,
  ...thoughtRules,
  ...toolRules,
  ...schemaRules,
  ...samplingRules,
]
