import type { Rule, Violation } from '../rule.ts'
import { first } from '../first.ts'
import { isRecord, items, records, text } from '../narrow.ts'

const namePattern = /^[a-zA-Z0-9_-]{1,128}$/
const choices = ['auto', 'any', 'tool', 'none']

export const toolRules: readonly Rule[] = [
  { name: 'tool_name', check: ({ body }) => first(items(body['tools']), nameViolation) },
  {
    name: 'duplicate_tool',
    check: ({ body }) => {
      const names = records(body['tools']).map((tool) => tool['name'])
      return new Set(names).size === names.length ? undefined : { message: 'tools: Tool names must be unique.' }
    },
  },
  { name: 'tool_schema', check: ({ body }) => first(items(body['tools']), schemaViolation) },
  { name: 'tool_choice', check: ({ body }) => choiceViolation(body['tool_choice'], records(body['tools'])) },
]

function nameViolation(tool: unknown, index: number): Violation | undefined {
  if (!isRecord(tool)) return { message: `tools.${index}: Input should be a valid dictionary` }
  if (namePattern.test(text(tool['name']))) return undefined
  return { message: `tools.${index}.custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'` }
}

/** Tools of the vendor's own have a dated type and no schema. */
function schemaViolation(tool: unknown, index: number): Violation | undefined {
  if (!isRecord(tool) || (tool['type'] !== undefined && tool['type'] !== 'custom')) return undefined
  const schema = tool['input_schema']
  if (!isRecord(schema)) return { message: `tools.${index}.custom.input_schema: Field required` }
  if (schema['type'] === 'object') return undefined
  return { message: `tools.${index}.custom.input_schema.type: Input should be 'object'` }
}

function choiceViolation(choice: unknown, tools: readonly Record<string, unknown>[]): Violation | undefined {
  if (!isRecord(choice)) return undefined
  if (!choices.includes(text(choice['type']))) {
    return { message: `tool_choice: Input tag '${text(choice['type'])}' does not match any of: ${choices.join(', ')}` }
  }
  if (tools.length === 0) return { message: 'tool_choice: may only be specified while providing `tools`' }
  if (choice['type'] !== 'tool' || tools.some((tool) => tool['name'] === choice['name'])) return undefined
  return { message: `Tool '${text(choice['name'])}' not found in provided tools` }
}
