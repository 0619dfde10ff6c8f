import type { JSONSchema } from './contract/json.ts'
import type { Schema, StandardIssue, TypedJSONSchema } from './contract/schema.ts'
import { LLMError } from './error.ts'

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

/** What to send to a model. Converted once per schema object. */
export function toJSONSchema(schema: Schema): JSONSchema {
  if ('jsonSchema' in schema) return schema.jsonSchema
  let json = converted.get(schema)
  if (json === undefined) {
    const convert = schema['~standard'].jsonSchema?.input
    if (typeof convert !== 'function') {
      throw new LLMError(
        'config',
        `a ${schema['~standard'].vendor} schema cannot say its JSON Schema; use zod 4.2 or newer, or jsonSchema()`,
      )
    }
    const { $schema: _, ...rest } = convert({ target: 'draft-2020-12' })
    json = rest
    converted.set(schema, json)
  }
  return json
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
