import type { JSONSchema } from './json.ts'

/** Standard Schema v1, as published on standardschema.dev: what zod, valibot and arktype implement. */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    // oxlint-disable-next-line typescript/no-explicit-any -- the specification leaves the options open
    readonly validate: (value: unknown, options?: any) => StandardResult<Output> | Promise<StandardResult<Output>>
    readonly types?: { readonly input: Input; readonly output: Output } | undefined
  }
}

export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] }

export interface StandardIssue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

/** Standard JSON Schema v1: how a core without dependencies learns what to send to a model. zod has it from 4.2 on. */
export interface StandardJSONSchema {
  readonly '~standard': {
    readonly jsonSchema: {
      readonly input: (options: { readonly target: 'draft-2020-12' }) => Record<string, unknown>
    }
  }
}

/** A JSON Schema with a promised type; made by `jsonSchema<T>(...)`. */
export interface TypedJSONSchema<T> {
  readonly jsonSchema: JSONSchema
  /** Checks a value and returns it typed; throws to refuse. Absent: the value is believed. */
  readonly validate?: ((value: unknown) => T) | undefined
  readonly '~type'?: T
}

/** What tools and `output` accept: a schema that can both be sent to a model and check what comes back. */
// oxlint-disable-next-line typescript/no-explicit-any -- the input side of a schema is of no interest here
export type Schema<T = unknown> = (StandardSchema<any, T> & StandardJSONSchema) | TypedJSONSchema<T>

export type InferSchema<S> =
  // oxlint-disable-next-line typescript/no-explicit-any -- as above
  S extends StandardSchema<any, infer O> ? O : S extends TypedJSONSchema<infer T> ? T : unknown
