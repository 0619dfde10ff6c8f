import type { Rule } from '../rule.ts'
import { records, text } from '../narrow.ts'
import { itemType } from './input.ts'

const pairs: readonly (readonly [call: string, result: string, word: string])[] = [
  ['function_call', 'function_call_output', 'function call'],
  ['custom_tool_call', 'custom_tool_call_output', 'custom tool call'],
]

/** Calls are answered, and nothing else is. Where the vendor remembers the conversation, the calls may stand there. */
export const pairRules: readonly Rule[] = [
  {
    name: 'unpaired_tool_output',
    check: ({ body }) => {
      if ((body['previous_response_id'] ?? body['conversation'] ?? null) !== null) return undefined
      for (const [call, result, word] of pairs) {
        const stray = idsOf(body, result).find((id) => !idsOf(body, call).includes(id))
        if (stray !== undefined) {
          return { message: `No tool call found for ${word} output with call_id ${stray}.`, param: 'input' }
        }
      }
      return undefined
    },
  },
  {
    name: 'unanswered_tool_call',
    check: ({ body }) => {
      for (const [call, result, word] of pairs) {
        const open = idsOf(body, call).find((id) => !idsOf(body, result).includes(id))
        if (open !== undefined) return { message: `No tool output found for ${word} ${open}.`, param: 'input' }
      }
      return undefined
    },
  },
]

function idsOf(body: Readonly<Record<string, unknown>>, type: string): readonly string[] {
  return records(body['input']).flatMap((item) => (itemType(item) === type ? [text(item['call_id'])] : []))
}
