import type { Rule } from '../rule.ts'
import { first } from '../first.ts'
import { isRecord, items, text } from '../narrow.ts'

export const toolRules: readonly Rule[] = [
  {
    name: 'tool_name',
    check: ({ body }) =>
      first(items(body['tools']), (tool, index) =>
        isRecord(tool) && isRecord(tool['function']) && text(tool['function']['name']) !== ''
          ? undefined
          : { message: `tool ${index} has no function name` },
      ),
  },
]
