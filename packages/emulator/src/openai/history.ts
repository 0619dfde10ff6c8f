import type { Rule, Violation } from '../rule.ts'
import { typeOf } from '../field-table.ts'
import { first } from '../first.ts'
import { isRecord, items, records, text } from '../narrow.ts'

const roles = ['system', 'assistant', 'user', 'function', 'tool', 'developer']
const namePattern = /^[a-zA-Z0-9_-]{1,64}$/

export interface HistoryLimits {
  /** The longest tool call id that the vendor takes. */
  readonly maxId: number
  /** The types of content that a user message may have. */
  readonly userParts: readonly string[]
}

/** What messages must look like. */
export function historyRules({ maxId, userParts }: HistoryLimits): readonly Rule[] {
  return [
    {
      name: 'empty_messages',
      check: ({ body }) =>
        items(body['messages']).length === 0
          ? { message: "Invalid 'messages': empty array. Expected an array with minimum length 1.", param: 'messages' }
          : undefined,
    },
    { name: 'role', check: ({ body }) => first(items(body['messages']), roleViolation) },
    {
      name: 'content',
      check: ({ body }) => first(records(body['messages']), (message, at) => contentViolation(message, at, userParts)),
    },
    { name: 'tool_calls', check: ({ body }) => first(records(body['messages']), callsViolation) },
    {
      name: 'tool_id',
      check: ({ body }) => first(records(body['messages']), (message, at) => idViolation(message, at, maxId)),
    },
  ]
}

function roleViolation(message: unknown, index: number): Violation | undefined {
  const param = `messages[${index}]`
  if (!isRecord(message)) {
    return { message: `Invalid type for '${param}': expected an object, but got ${typeOf(message)} instead.`, param }
  }
  if (roles.includes(text(message['role']))) return undefined
  const supported = roles.map((role) => `'${role}'`).join(', ')
  return {
    message: `Invalid value: '${text(message['role'])}'. Supported values are: ${supported}.`,
    param: `${param}.role`,
  }
}

function contentViolation(
  message: Readonly<Record<string, unknown>>,
  index: number,
  userParts: readonly string[],
): Violation | undefined {
  const param = `messages[${index}].content`
  const content = message['content'] ?? null
  const role = text(message['role'])
  if (content === null) {
    if (role === 'assistant') return undefined
    return { message: `Invalid value for 'content': expected a string, got null.`, param }
  }
  if (typeof content === 'string') return undefined
  if (!Array.isArray(content)) {
    return {
      message: `Invalid type for '${param}': expected a string or an array, but got ${typeOf(content)} instead.`,
      param,
    }
  }
  if (content.length === 0) return { message: `Invalid '${param}': empty array.`, param }
  const allowed = role === 'user' ? userParts : role === 'assistant' ? ['text', 'refusal'] : ['text']
  return first(items(content), (part, at) => {
    const type = isRecord(part) ? text(part['type']) : ''
    if (allowed.includes(type)) return undefined
    return {
      message: `Invalid value: '${type}'. Supported values are: ${allowed.join(', ')}.`,
      param: `${param}[${at}].type`,
    }
  })
}

function callsViolation(message: Readonly<Record<string, unknown>>, index: number): Violation | undefined {
  const calls = message['tool_calls'] ?? null
  if (calls === null) return undefined
  const param = `messages[${index}].tool_calls`
  if (!Array.isArray(calls) || calls.length === 0)
    return { message: `Invalid '${param}': expected a non-empty array.`, param }
  return first(items(calls), (call, at) => {
    const made = isRecord(call) && isRecord(call['function']) ? call['function'] : {}
    const path = `${param}[${at}]`
    if (!isRecord(call) || call['type'] !== 'function') {
      return { message: `Missing required parameter: '${path}.type'.`, param: `${path}.type` }
    }
    if (!namePattern.test(text(made['name']))) {
      return {
        message: `Invalid '${path}.function.name': string does not match pattern. Expected '^[a-zA-Z0-9_-]+$'.`,
        param: `${path}.function.name`,
      }
    }
    if (typeof made['arguments'] === 'string') return undefined
    return {
      message: `Invalid type for '${path}.function.arguments': expected a string, but got ${typeOf(made['arguments'])} instead.`,
      param: `${path}.function.arguments`,
    }
  })
}

function idViolation(message: Readonly<Record<string, unknown>>, index: number, maxId: number): Violation | undefined {
  const ids = records(message['tool_calls']).map((call) => call['id'])
  const all = message['role'] === 'tool' ? [...ids, message['tool_call_id']] : ids
  const bad = all.find((id) => text(id) === '' || text(id).length > maxId)
  if (bad === undefined && !all.includes(undefined)) return undefined
  const param = message['role'] === 'tool' ? `messages[${index}].tool_call_id` : `messages[${index}].tool_calls`
  return { message: `Invalid '${param}': expected a string with a length from 1 to ${maxId}.`, param }
}
