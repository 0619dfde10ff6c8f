import type { Rule, Violation } from '../rule.ts'
import { first } from '../first.ts'
import { isRecord, items, records, text } from '../narrow.ts'

const choices = ['none', 'auto', 'required']

/** Tools have their name at the top, unlike those of chat completions. */
export const toolRules: readonly Rule[] = [
  { name: 'tool_name', check: ({ body }) => first(items(body['tools']), toolViolation) },
  { name: 'tool_choice', check: ({ body }) => choiceViolation(body['tool_choice'] ?? null, records(body['tools'])) },
]

function toolViolation(tool: unknown, index: number): Violation | undefined {
  const param = `tools[${index}]`
  if (!isRecord(tool) || typeof tool['type'] !== 'string') {
    return { message: `Missing required parameter: '${param}.type'.`, param: `${param}.type` }
  }
  if (!['function', 'custom'].includes(tool['type'])) return undefined
  const name = text(tool['name'])
  if (name === '') return { message: `Missing required parameter: '${param}.name'.`, param: `${param}.name` }
  if (/^[a-zA-Z0-9_-]{1,64}$/.test(name)) return undefined
  return {
    message: `Invalid '${param}.name': string does not match pattern. Expected '^[a-zA-Z0-9_-]+$'.`,
    param: `${param}.name`,
  }
}

function choiceViolation(choice: unknown, tools: readonly Record<string, unknown>[]): Violation | undefined {
  const param = 'tool_choice'
  if (choice === null) return undefined
  if (typeof choice === 'string') {
    if (choice === 'required' && tools.length === 0) {
      return { message: "Tool choice 'required' must be specified with 'tools' parameter.", param }
    }
    if (choices.includes(choice)) return undefined
    return { message: `Invalid value: '${choice}'. Supported values are: ${choices.join(', ')}.`, param }
  }
  const name = isRecord(choice) && choice['type'] === 'function' ? choice['name'] : undefined
  if (isRecord(choice) && choice['type'] !== 'function' && typeof choice['type'] === 'string') return undefined
  if (typeof name === 'string' && tools.some((tool) => tool['name'] === name)) return undefined
  return { message: `Tool choice '${text(name)}' not found in 'tools' parameter.`, param }
}
