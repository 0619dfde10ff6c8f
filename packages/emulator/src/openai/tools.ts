import type { Rule, Violation } from '../rule.ts'
import { first } from '../first.ts'
import { isRecord, items, records, text } from '../narrow.ts'

const namePattern = /^[a-zA-Z0-9_-]{1,64}$/
const choices = ['none', 'auto', 'required']

export const toolRules: readonly Rule[] = [
  { name: 'tool_name', check: ({ body }) => first(items(body['tools']), toolViolation) },
  {
    name: 'tools_empty',
    check: ({ body }) =>
      Array.isArray(body['tools']) && body['tools'].length === 0
        ? { message: "Invalid 'tools': empty array. Expected an array with minimum length 1.", param: 'tools' }
        : undefined,
  },
  {
    name: 'tool_choice',
    check: ({ body }) => choiceViolation(body['tool_choice'] ?? null, records(body['tools'])),
  },
]

function toolViolation(tool: unknown, index: number): Violation | undefined {
  const param = `tools[${index}]`
  if (!isRecord(tool) || typeof tool['type'] !== 'string') {
    return { message: `Missing required parameter: '${param}.type'.`, param: `${param}.type` }
  }
  if (tool['type'] !== 'function') return undefined
  if (isRecord(tool['function']) && namePattern.test(text(tool['function']['name']))) return undefined
  return {
    message: `Invalid '${param}.function.name': string does not match pattern. Expected '^[a-zA-Z0-9_-]+$'.`,
    param: `${param}.function.name`,
  }
}

function choiceViolation(choice: unknown, tools: readonly Record<string, unknown>[]): Violation | undefined {
  const param = 'tool_choice'
  if (choice === null) return undefined
  if (tools.length === 0) return { message: "'tool_choice' is only allowed when 'tools' are specified.", param }
  if (typeof choice === 'string') {
    if (choices.includes(choice)) return undefined
    return { message: `Invalid value: '${choice}'. Supported values are: ${choices.join(', ')}.`, param }
  }
  const named = isRecord(choice) && isRecord(choice['function']) ? choice['function']['name'] : undefined
  if (named === undefined) return undefined
  if (tools.some((tool) => isRecord(tool['function']) && tool['function']['name'] === named)) return undefined
  return { message: `Tool choice '${text(named)}' not found in 'tools' parameter.`, param }
}
