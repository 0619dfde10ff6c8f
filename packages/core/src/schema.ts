import type { JSONSchema } from './contract/json.ts'
import type { Schema, StandardIssue, StandardJSONSchema, TypedJSONSchema } from './contract/schema.ts'
import { LLMError } from './error.ts'
import { isObject } from './is-object.ts'

/**
 * A JSON Schema with a type of your own, for when no schema library is at hand. Without `validate` the model is believed.
 *
 * @example
 * ```ts
 * import { jsonSchema } from '@wayfare/core'
 * const City = jsonSchema<{ city: string }>({ type: 'object', properties: { city: { type: 'string' } }, required: ['city'] })
 * ```
 */
export function jsonSchema<T>(
  schema: JSONSchema,
  options: { validate?: ((value: unknown) => T) | undefined } = {},
): TypedJSONSchema<T> {
  return { jsonSchema: schema, validate: options.validate }
}

const converted = new WeakMap<object, JSONSchema>()

/** What to send to a model. Converted once per schema object. Throws `config` for what is no schema; `owner` says whose it is. */
export function toJSONSchema(schema: Schema, owner: string): JSONSchema {
  checkShape(schema, owner)
  if ('jsonSchema' in schema) return schema.jsonSchema
  let json = converted.get(schema)
  if (json === undefined) {
    const convert = schema['~standard'].jsonSchema?.input
    if (typeof convert !== 'function') {
      throw new LLMError(
        'config',
        `${owner}: a ${schema['~standard'].vendor} schema cannot say its JSON Schema; use zod 4.2 or newer, or jsonSchema()`,
      )
    }
    json = withoutDialect(convert, owner)
    converted.set(schema, json)
  }
  return json
}

function checkShape(schema: unknown, owner: string): void {
  if (!isObject(schema) && typeof schema !== 'function')
    throw new LLMError('config', `${owner} must be a schema: a zod object or jsonSchema()`)
  const own = schema as Readonly<Record<string, unknown>> // a function has properties, too
  if (!isObject('jsonSchema' in own ? own['jsonSchema'] : own['~standard']))
    throw new LLMError(
      'config',
      `${owner}: this is no schema that can check an answer; wrap a plain JSON Schema in jsonSchema(), as in jsonSchema({ type: 'object' })`,
    )
}

function withoutDialect(convert: StandardJSONSchema['~standard']['jsonSchema']['input'], owner: string): JSONSchema {
  try {
    const { $schema: _, ...rest } = convert({ target: 'draft-2020-12' })
    return rest
  } catch (cause) {
    const why = cause instanceof Error ? `: ${cause.message}` : ''
    throw new LLMError('config', `${owner}: its schema cannot be written as JSON Schema${why}`, { cause })
  }
}

export type Checked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string }

/** Checks a value; the problem is written for the model, so that it can mend its answer. What a schema throws is a refusal. */
export async function check<T>(schema: Schema<T>, value: unknown): Promise<Checked<T>> {
  try {
    if ('jsonSchema' in schema) {
      // Without a validator the promise of jsonSchema<T>() stands.
      return { ok: true, value: schema.validate === undefined ? (value as T) : schema.validate(value) }
    }
    const result = await schema['~standard'].validate(value)
    if (result.issues === undefined) return { ok: true, value: result.value }
    return { ok: false, problem: result.issues.map(describe).join('; ') }
  } catch (error) {
    return { ok: false, problem: error instanceof Error ? error.message : String(error) }
  }
}

function describe(issue: StandardIssue): string {
  const path = (issue.path ?? []).map((key) => String(typeof key === 'object' ? key.key : key)).join('.')
  return path === '' ? issue.message : `${path}: ${issue.message}`
}
