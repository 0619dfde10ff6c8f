/** Any value that survives `JSON.parse(JSON.stringify(value))`. */
export type JSONValue = null | boolean | number | string | readonly JSONValue[] | { readonly [key: string]: JSONValue }

/** A JSON Schema document (draft 2020-12), passed on as it is. */
export interface JSONSchema {
  readonly [keyword: string]: unknown
}
