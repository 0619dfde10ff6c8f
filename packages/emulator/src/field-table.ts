import type { Rule, Violation } from './rule.ts'
import { isRecord } from './narrow.ts'

/** The fields that a JSON object may have, each with the JSON types it takes, as `string|array`. `!` marks a required one. */
export type FieldTable = Readonly<Record<string, string>>

/** How a vendor says it. `path` is the field with its parents, as `generationConfig.topK`. */
export interface Phrases {
  unknown(path: string): string
  type(path: string, expected: string, found: string): string
  missing(path: string): string
}

/**
 * The rules of one object: required fields are there, no field is unknown, each has its type. `null` counts as absent.
 * `at` names a top-level field whose object is meant; when that is absent, there is nothing to check.
 */
export function fieldRules(table: FieldTable, phrases: Phrases, at?: string): readonly Rule[] {
  const name = (rule: string): string => (at === undefined ? rule : `${at}_${rule}`)
  const path = (field: string): string => (at === undefined ? field : `${at}.${field}`)
  const each = (check: (object: Readonly<Record<string, unknown>>) => Violation | undefined): Rule['check'] => {
    return ({ body }) => {
      const object = at === undefined ? body : body[at]
      return isRecord(object) ? check(object) : undefined
    }
  }
  return [
    {
      name: name('required_field'),
      check: each((object) => {
        const field = Object.keys(table).find((key) => table[key]?.startsWith('!') && (object[key] ?? null) === null)
        return field === undefined ? undefined : { message: phrases.missing(path(field)), param: path(field) }
      }),
    },
    {
      name: name('unknown_field'),
      check: each((object) => {
        const field = Object.keys(object).find((key) => !Object.hasOwn(table, key))
        return field === undefined ? undefined : { message: phrases.unknown(path(field)), param: path(field) }
      }),
    },
    {
      name: name('field_type'),
      check: each((object) => {
        for (const [field, types] of Object.entries(table)) {
          const value = object[field] ?? null
          const expected = types.replace('!', '')
          if (value === null || expected === 'any' || expected.split('|').some((type) => isType(value, type))) continue
          return { message: phrases.type(path(field), expected, typeOf(value)), param: path(field) }
        }
        return undefined
      }),
    },
  ]
}

function isType(value: unknown, type: string): boolean {
  return type === 'integer' ? Number.isSafeInteger(value) : typeOf(value) === type
}

/** The JSON type of a value. */
export function typeOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return typeof value
}
