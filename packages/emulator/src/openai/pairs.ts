import type { Rule, Violation } from '../rule.ts'
import { first } from '../first.ts'
import { records, text } from '../narrow.ts'

type Message = Readonly<Record<string, unknown>>

/** Calls are answered by the tool messages right after them, and nothing else is. */
export const pairRules: readonly Rule[] = [
  {
    name: 'unpaired_tool_result',
    check: ({ body }) => {
      const messages = records(body['messages'])
      return first(messages, (message, index) => unpaired(message, messages, index))
    },
  },
  {
    name: 'unanswered_tool_call',
    check: ({ body }) => {
      const messages = records(body['messages'])
      return first(messages, (message, index) => unanswered(message, messages, index))
    },
  },
]

function unpaired(message: Message, messages: readonly Message[], index: number): Violation | undefined {
  if (message['role'] !== 'tool') return undefined
  const caller = messages.slice(0, index).findLast((earlier) => earlier['role'] !== 'tool')
  if (caller !== undefined && idsOf(caller).includes(text(message['tool_call_id']))) return undefined
  return {
    message:
      "Invalid parameter: messages with role 'tool' must be a response to a preceding message with 'tool_calls'.",
    param: `messages[${index}].role`,
  }
}

function unanswered(message: Message, messages: readonly Message[], index: number): Violation | undefined {
  const rest = messages.slice(index + 1)
  const end = rest.findIndex((later) => later['role'] !== 'tool')
  const answers = rest.slice(0, end === -1 ? rest.length : end).map((later) => later['tool_call_id'])
  const open = idsOf(message).filter((id) => !answers.includes(id))
  if (open.length === 0) return undefined
  return {
    message:
      "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. " +
      `The following tool_call_ids did not have response messages: ${open.join(', ')}`,
    param: `messages[${index}].tool_calls`,
  }
}

function idsOf(message: Message): readonly string[] {
  return records(message['tool_calls']).map((call) => text(call['id']))
}
