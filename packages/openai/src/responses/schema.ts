import type { JSONSchema } from '@wayfare/core'
import { isRecord } from '@wayfare/provider-kit'

/** A schema as the vendor takes it. */
export interface AdaptedSchema {
  readonly schema: JSONSchema
  /** Whether the vendor can promise that what the model writes obeys it. */
  readonly strict: boolean
  /** Keywords that had to be left out, so that the model does not know them. */
  readonly dropped: readonly string[]
}

/**
 * Closes the objects of a schema and leaves out what the vendor's grammar cannot hold, so that the schema may be strict. One
 * with optional properties, open objects or conditions stays as it is and is not strict: to adapt it would change its meaning.
 * What the model writes is checked against the schema itself afterwards.
 */
export function adaptSchema(schema: JSONSchema): AdaptedSchema {
  const { $schema: _, ...rest } = schema
  const dropped = new Set<string>()
  const adapted = strict(rest, dropped)
  if (adapted === undefined) return { schema: rest, strict: false, dropped: [] }
  return { schema: adapted, strict: true, dropped: [...dropped] }
}

/** Bounds that the vendor answers with 400. */
const bounds: ReadonlySet<string> = new Set(['minLength', 'maxLength', 'uniqueItems', 'minProperties', 'maxProperties'])

/** Says nothing that an answer could break. */
const silent: ReadonlySet<string> = new Set([
  '$schema',
  '$id',
  '$comment',
  'default',
  'examples',
  'deprecated',
  'readOnly',
])

const kept: ReadonlySet<string> = new Set(
  (
    'type title description enum const $ref required additionalProperties ' +
    'minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minItems maxItems'
  ).split(' '),
)

const formats: ReadonlySet<unknown> = new Set('date-time time date duration email hostname ipv4 ipv6 uuid'.split(' '))

/** The strict form of a schema; undefined where there is none. */
function strict(schema: unknown, dropped: Set<string>): JSONSchema | undefined {
  if (!isRecord(schema) || !isTyped(schema)) return undefined
  if (schema['$ref'] !== undefined) return reference(schema)
  const made: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(schema)) {
    if (silent.has(key)) continue
    if (bounds.has(key)) dropped.add(key)
    else if (kept.has(key)) {
      // Every integer of some schema libraries has these two.
      if (Math.abs(Number(value)) !== Number.MAX_SAFE_INTEGER) made[key] = value
    } else if (key === 'format' || key === 'pattern') {
      if (holdsText(key, value)) made[key] = value
      // A format that is kept says the same as the pattern beside it.
      else if (!formats.has(schema['format'])) dropped.add(key)
    } else {
      const inner = innerOf(key, value, dropped)
      if (inner === undefined) return undefined
      made[key === 'oneOf' ? 'anyOf' : key] = inner
    }
  }
  return isObjectType(schema) ? closed(made) : made
}

/** The vendor takes nothing beside a reference, not even a description. */
function reference({ $ref, ...beside }: Readonly<Record<string, unknown>>): JSONSchema | undefined {
  const idle = Object.keys(beside).every((key) => silent.has(key) || key === 'title' || key === 'description')
  return idle ? { $ref } : undefined
}

function isTyped(schema: Readonly<Record<string, unknown>>): boolean {
  if (schema['type'] === 'array' && !isRecord(schema['items'])) return false
  return ['type', '$ref', 'anyOf', 'oneOf', 'enum', 'const'].some((key) => schema[key] !== undefined)
}

function isObjectType({ type, properties }: Readonly<Record<string, unknown>>): boolean {
  return type === 'object' || (Array.isArray(type) && type.includes('object')) || properties !== undefined
}

/** Every property is there, and no other. */
function closed(made: Record<string, unknown>): JSONSchema | undefined {
  const { properties, required, additionalProperties: others } = made
  if (!isRecord(properties) || (others !== undefined && others !== false)) return undefined
  const names: readonly unknown[] = Array.isArray(required) ? required : []
  if (!Object.keys(properties).every((name) => names.includes(name))) return undefined
  return { ...made, required: Object.keys(properties), additionalProperties: false }
}

function innerOf(key: string, value: unknown, dropped: Set<string>): unknown {
  if (key === 'items') return strict(value, dropped)
  if ((key === 'anyOf' || key === 'oneOf') && Array.isArray(value)) {
    const all = value.map((one) => strict(one, dropped))
    return all.includes(undefined) ? undefined : all
  }
  if ((key !== 'properties' && key !== '$defs' && key !== 'definitions') || !isRecord(value)) return undefined
  const all = Object.entries(value).map(([name, one]) => [name, strict(one, dropped)] as const)
  return all.some(([, one]) => one === undefined) ? undefined : Object.fromEntries(all)
}

function holdsText(key: 'format' | 'pattern', value: unknown): boolean {
  if (key === 'format') return formats.has(value)
  // The grammar cannot look ahead or back.
  return typeof value === 'string' && !/\(\?<?[=!]/.test(value)
}
