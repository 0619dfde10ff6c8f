import type { FilePart, TextPart, ToolMessage, ToolResultPart } from './contract/message.ts'
import type { JSONValue } from './contract/json.ts'
import type { InferSchema, Schema } from './contract/schema.ts'
import type { Tool, ToolCallOf, ToolDefinition, ToolSet } from './contract/tool.ts'

/** Ties the type of `execute` to the schema. */
export function tool<const S extends Schema, Output = never>(
  definition: ToolDefinition<S, Output>,
): Tool<InferSchema<S>, Output> {
  return definition as Tool<InferSchema<S>, Output> // the schema of S accepts exactly InferSchema<S>
}

/** Answers a call. A string or parts go as they are, any other value as JSON, an Error as its message with `isError`. */
export function toolResult(
  call: { readonly id: string; readonly name: string },
  output: unknown,
  options: { isError?: boolean | undefined } = {},
): ToolResultPart {
  const isError = options.isError ?? output instanceof Error
  return {
    type: 'tool_result',
    id: call.id,
    name: call.name,
    output: toOutput(output),
    ...(isError && { isError: true }),
  }
}

/**
 * Runs `execute` for every call, side by side. A thrown error, an invalid call or a tool without `execute` becomes an error
 * result, so that no call stays unanswered.
 */
export async function runTools<T extends ToolSet>(
  calls: readonly ToolCallOf<T>[],
  tools: T,
  options: { signal?: AbortSignal | undefined } = {},
): Promise<ToolMessage> {
  const content = await Promise.all(
    calls.map(async (call): Promise<ToolResultPart> => {
      if (call.invalid) return toolResult(call, call.problem, { isError: true })
      const execute = Object.hasOwn(tools, call.name) ? tools[call.name]?.execute : undefined
      if (execute === undefined) return toolResult(call, `the tool ${call.name} cannot be run here`, { isError: true })
      try {
        return toolResult(call, await execute(call.input, { id: call.id, name: call.name, signal: options.signal }))
      } catch (error) {
        return toolResult(call, error instanceof Error ? error : String(error), { isError: true })
      }
    }),
  )
  return { role: 'tool', content }
}

function toOutput(output: unknown): ToolResultPart['output'] {
  if (typeof output === 'string') return output
  if (output instanceof Error) return output.message
  if (isParts(output)) return output
  return JSON.stringify(output as JSONValue) ?? 'null'
}

function isParts(value: unknown): value is readonly (TextPart | FilePart)[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((part: unknown) => {
      const type = (part as { type?: unknown } | null)?.type
      return type === 'text' || type === 'file'
    })
  )
}
