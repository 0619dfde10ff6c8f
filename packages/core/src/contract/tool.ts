import type { InferSchema, Schema } from './schema.ts'

/** What a model may call. Make it with `tool()`, which ties the types together. */
// oxlint-disable-next-line typescript/no-explicit-any -- a set of tools mixes inputs; `any` is what lets each keep its own
export interface Tool<Input = any, Output = any> {
  /** For the model: what it does and when to call it. */
  readonly description?: string | undefined
  /** A zod object, any other Standard Schema that says its JSON Schema, or `jsonSchema()`. */
  readonly inputSchema: Schema<Input>
  /** Called by `runTools`, never by the router. */
  readonly execute?: ((input: Input, context: ToolContext) => Output | Promise<Output>) | undefined
}

/** What `execute` is told about the call it answers. */
export interface ToolContext {
  readonly id: string
  readonly name: string
  readonly signal?: AbortSignal | undefined
}

/** Tools by the name that the model calls them by. */
export interface ToolSet {
  readonly [name: string]: Tool
}

/** As `Tool`, before its types are known. */
export interface ToolDefinition<S extends Schema, Output> {
  /** For the model: what it does and when to call it. */
  description?: string | undefined
  /** A zod object, any other Standard Schema that says its JSON Schema, or `jsonSchema()`. */
  inputSchema: S
  /** Called by `runTools`, never by the router. */
  execute?: ((input: InferSchema<S>, context: ToolContext) => Output | Promise<Output>) | undefined
}

/** A call that passed its tool's schema: `input` is the schema's output. */
export interface ToolCall<Name extends string = string, Input = unknown> {
  readonly id: string
  readonly name: Name
  readonly input: Input
  readonly rawInput: string
  readonly invalid?: false
}

/** A call that cannot be run: bad JSON, an unknown tool, or input that its schema refuses. */
export interface InvalidToolCall {
  readonly id: string
  readonly name: string
  readonly input: unknown
  readonly rawInput: string
  readonly invalid: true
  /** Written for the model: answer with `toolResult(call, call.problem, { isError: true })`. */
  readonly problem: string
}

export type AnyToolCall = ToolCall | InvalidToolCall

/** The calls that a set of tools can produce, discriminated by `name` once `invalid` is ruled out. */
export type ToolCallOf<T extends ToolSet> =
  | (string extends keyof T
      ? ToolCall
      : {
          // oxlint-disable-next-line typescript/no-explicit-any -- only the input is inferred
          [K in keyof T & string]: ToolCall<K, T[K] extends Tool<infer I, any> ? I : unknown>
        }[keyof T & string])
  | InvalidToolCall
