import type { Rule, Violation } from '../rule.ts'
import { first } from '../first.ts'
import { isRecord, items, records, text } from '../narrow.ts'

const namePattern = /^[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}$/
const modes = ['AUTO', 'ANY', 'NONE', 'VALIDATED']

export const toolRules: readonly Rule[] = [
  {
    name: 'tool_name',
    check: ({ body }) =>
      first(declarations(body), ({ name }, index) =>
        namePattern.test(text(name))
          ? undefined
          : {
              message:
                `* GenerateContentRequest.tools[0].function_declarations[${index}].name: Invalid function name. ` +
                'Must start with a letter or an underscore, with a maximum length of 64.',
            },
      ),
  },
  {
    name: 'tool_schema',
    check: ({ body }) =>
      first(declarations(body), (declaration, index) =>
        declaration['parameters'] !== undefined && declaration['parametersJsonSchema'] !== undefined
          ? { message: `function_declarations[${index}]: only one of parameters and parameters_json_schema may be set` }
          : undefined,
      ),
  },
  {
    name: 'duplicate_tool',
    check: ({ body }) => {
      const names = declarations(body).map(({ name }) => text(name))
      const twice = names.find((name, index) => names.indexOf(name) !== index)
      return twice === undefined ? undefined : { message: `Duplicate function declaration found: ${twice}` }
    },
  },
  { name: 'tool_choice', check: ({ body }) => choiceViolation(body) },
]

type Body = Readonly<Record<string, unknown>>

function declarations(body: Body): readonly Record<string, unknown>[] {
  return records(body['tools']).flatMap((tool) => records(tool['functionDeclarations']))
}

function choiceViolation(body: Body): Violation | undefined {
  const config = isRecord(body['toolConfig']) ? body['toolConfig']['functionCallingConfig'] : undefined
  if (!isRecord(config)) return undefined
  const mode = text(config['mode'])
  if (!modes.includes(mode))
    return { message: `Invalid value at 'tool_config.function_calling_config.mode', "${mode}"` }
  const allowed = items(config['allowedFunctionNames'])
  if (allowed.length > 0 && mode !== 'ANY' && mode !== 'VALIDATED') {
    return { message: 'Function calling mode must be ANY to use allowed_function_names.' }
  }
  const names = declarations(body).map(({ name }) => name)
  const stray = allowed.find((name) => !names.includes(name))
  if (stray === undefined) return undefined
  return { message: `allowed_function_names: "${text(stray)}" is not a declared function` }
}
