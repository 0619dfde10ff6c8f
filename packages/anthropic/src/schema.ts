import type { JSONSchema, Warning } from '@wayfare/core'
import { isRecord } from '@wayfare/provider-kit'

/** Bounds that the vendor's grammar cannot hold, and answers with 400. */
const bounds: ReadonlySet<string> = new Set([
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'maxItems',
  'uniqueItems',
  'minProperties',
  'maxProperties',
])

const single: ReadonlySet<string> = new Set(['items', 'not'])
const lists: ReadonlySet<string> = new Set(['anyOf', 'oneOf', 'allOf', 'prefixItems'])
const named: ReadonlySet<string> = new Set(['properties', '$defs', 'definitions'])

/**
 * A schema as `output_config.format` takes it: objects are closed, bounds left out. The answer is checked against the schema
 * itself afterwards. Objects of any content are left as they are: the vendor cannot give them, and says so.
 */
export function formatSchema(schema: JSONSchema): {
  readonly schema: JSONSchema
  readonly warnings: readonly Warning[]
} {
  const dropped = new Set<string>()
  const { $schema: _, ...rest } = schema
  const simplified = simplify(rest, dropped, true)
  return { schema: simplified, warnings: dropped.size > 0 ? [loosened([...dropped])] : [] }
}

function simplify(schema: JSONSchema, dropped: Set<string>, closes: boolean): JSONSchema {
  const made: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(schema)) {
    if (bounds.has(key) || (key === 'minItems' && value !== 0 && value !== 1)) {
      // Every integer of some schema libraries has these two.
      if (Math.abs(Number(value)) !== Number.MAX_SAFE_INTEGER) dropped.add(key)
    } else if (key === 'oneOf') made['anyOf'] = inner(key, value, dropped)
    else made[key] = inner(key, value, dropped)
  }
  const open = made['additionalProperties']
  // Parts of an allOf see only their own properties: closed, they would refuse one another's.
  if (closes && isRecord(made['properties']) && !isRecord(open)) made['additionalProperties'] = false
  return made
}

function inner(key: string, value: unknown, dropped: Set<string>): unknown {
  const one = (schema: unknown): unknown => (isRecord(schema) ? simplify(schema, dropped, key !== 'allOf') : schema)
  if (single.has(key)) return one(value)
  if (lists.has(key) && Array.isArray(value)) return value.map(one)
  if (!named.has(key) || !isRecord(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, schema]) => [name, one(schema)]))
}

function loosened(keywords: readonly string[]): Warning {
  return {
    code: 'schema_loosened',
    message: `the model was not told about ${keywords.join(', ')} in the output's schema: the vendor refuses it`,
  }
}
