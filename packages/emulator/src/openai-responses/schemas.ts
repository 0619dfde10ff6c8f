import type { Rule, Violation } from '../rule.ts'
import { first } from '../first.ts'
import { isRecord, items, records, text } from '../narrow.ts'

/** Schemas have an object at their root; strict ones are closed, and say nothing that the vendor's grammar cannot hold. */
export const schemaRules: readonly Rule[] = [
  { name: 'schema_root', check: ({ body }) => first(schemasOf(body), rootViolation) },
  {
    name: 'strict_schema',
    check: ({ body }) =>
      first(schemasOf(body), (one) => {
        const problem = one.strict ? strictProblem(one.schema, '()') : undefined
        return problem === undefined ? undefined : invalid(one, problem)
      }),
  },
  {
    name: 'text_format',
    check: ({ body }) => {
      const format = isRecord(body['text']) ? body['text']['format'] : undefined
      if (!isRecord(format) || format['type'] !== 'json_schema') return undefined
      if (/^[a-zA-Z0-9_-]{1,64}$/.test(text(format['name']))) return undefined
      return { message: "Missing required parameter: 'text.format.name'.", param: 'text.format.name' }
    },
  },
]

interface Named {
  readonly owner: string
  readonly param: string
  readonly schema: unknown
  readonly strict: boolean
}

/** Tools are strict unless they say otherwise, and have a schema. */
function schemasOf(body: Readonly<Record<string, unknown>>): readonly Named[] {
  const format = isRecord(body['text']) ? body['text']['format'] : undefined
  const tools = records(body['tools']).flatMap((tool, at) =>
    tool['type'] === 'function' && isRecord(tool['parameters'])
      ? [
          {
            owner: `function '${text(tool['name'])}'`,
            param: `tools[${at}].parameters`,
            schema: tool['parameters'],
            strict: tool['strict'] === true,
          },
        ]
      : [],
  )
  if (!isRecord(format) || format['type'] !== 'json_schema') return tools
  const own = {
    owner: `response_format '${text(format['name'])}'`,
    param: 'text.format.schema',
    schema: format['schema'],
    strict: format['strict'] === true,
  }
  return [...tools, own]
}

function rootViolation(one: Named): Violation | undefined {
  if (isRecord(one.schema) && (one.schema['type'] === 'object' || isRecord(one.schema['properties']))) return undefined
  return invalid(one, `schema must be a JSON Schema of 'type: "object"'`)
}

function invalid({ owner, param }: Named, problem: string): Violation {
  return { message: `Invalid schema for ${owner}: ${problem}.`, param }
}

const forbidden = (
  'allOf oneOf not if then else dependentRequired dependentSchemas patternProperties propertyNames ' +
  'minLength maxLength uniqueItems minProperties maxProperties default'
).split(' ')

function strictProblem(schema: unknown, context: string): string | undefined {
  if (!isRecord(schema)) return `In context=${context}, a schema is expected`
  const bad = forbidden.find((key) => schema[key] !== undefined)
  if (bad !== undefined) return `In context=${context}, '${bad}' is not permitted`
  if (!['type', '$ref', 'anyOf', 'enum', 'const'].some((key) => schema[key] !== undefined)) {
    return `In context=${context}, schema must have a 'type' key`
  }
  if (schema['$ref'] !== undefined && Object.keys(schema).length > 1) {
    return `In context=${context}, $ref cannot have keywords`
  }
  const { properties } = schema
  if (schema['type'] === 'object' || properties !== undefined) {
    if (schema['additionalProperties'] !== false) {
      return `In context=${context}, 'additionalProperties' is required to be supplied and to be false`
    }
    const names = Object.keys(isRecord(properties) ? properties : {})
    const missing = names.find((name) => !items(schema['required']).includes(name))
    if (missing !== undefined) {
      return `In context=${context}, 'required' is required to be supplied and to be an array including every key in properties. Missing '${missing}'`
    }
  }
  const inner = [
    ...['properties', '$defs', 'definitions'].flatMap((key) =>
      isRecord(schema[key]) ? Object.entries(schema[key]) : [],
    ),
    ...items(schema['anyOf']).map((one) => ['anyOf', one] as const),
    ...(schema['items'] === undefined ? [] : [['items', schema['items']] as const]),
  ]
  return first(inner, ([name, one]) => strictProblem(one, `('${name}',)`))
}
