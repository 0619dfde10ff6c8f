import type { Rule, Violation } from '../rule.ts'
import { typeOf } from '../field-table.ts'
import { first } from '../first.ts'
import { isBase64, isRecord, items, records, text } from '../narrow.ts'

const roles = ['system', 'user', 'assistant', 'tool']

export const historyRules: readonly Rule[] = [
  {
    name: 'role',
    check: ({ body }) =>
      first(items(body['messages']), (message) => {
        if (!isRecord(message)) return unmarshal(typeOf(message), 'messages', 'api.Message')
        if (roles.includes(text(message['role']))) return undefined
        return { message: `invalid role "${text(message['role'])}"; expected one of ${roles.join(', ')}` }
      }),
  },
  {
    name: 'content',
    check: ({ body }) =>
      first(records(body['messages']), ({ content }) =>
        typeof (content ?? '') === 'string' ? undefined : unmarshal(typeOf(content), 'messages.content', 'string'),
      ),
  },
  {
    name: 'image',
    check: ({ body }) =>
      first(records(body['messages']), ({ images }) =>
        (images ?? null) === null || (Array.isArray(images) && images.every(isBase64))
          ? undefined
          : { message: 'illegal base64 data in an image of a message' },
      ),
  },
  { name: 'tool_arguments', check: ({ body }) => first(records(body['messages']), argumentsViolation) },
]

function argumentsViolation(message: Readonly<Record<string, unknown>>): Violation | undefined {
  return first(items(message['tool_calls']), (call) => {
    const made = isRecord(call) ? call['function'] : undefined
    if (!isRecord(made) || text(made['name']) === '')
      return { message: 'a tool call of a message has no function name' }
    if (isRecord(made['arguments'])) return undefined
    return unmarshal(typeOf(made['arguments']), 'messages.tool_calls.function.arguments', 'map[string]any')
  })
}

function unmarshal(found: string, field: string, type: string): Violation {
  return { message: `json: cannot unmarshal ${found} into Go struct field ChatRequest.${field} of type ${type}` }
}
