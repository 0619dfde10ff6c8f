import type { Rule } from '../rule.ts'
import { fieldRules } from '../field-table.ts'
import { phrases, requestFields, streamFields } from './fields.ts'
import { historyRules } from './history.ts'
import { pairRules } from './pairs.ts'
import { samplingRules } from './sampling.ts'
import { toolRules } from './tools.ts'

export const rules: readonly Rule[] = [
  ...fieldRules(requestFields, phrases),
  ...fieldRules(streamFields, phrases, 'stream_options'),
  ...historyRules({ maxId: 40, userParts: ['text', 'image_url', 'input_audio', 'file'] }),
  ...pairRules,
  ...toolRules,
  ...samplingRules,
]
