import type { FilePart, TextPart, ToolMessage, ToolResultPart } from './contract/message.ts'
import type { InferSchema, Schema } from './contract/schema.ts'
import type { Tool, ToolCallOf, ToolDefinition, ToolSet } from './contract/tool.ts'
import { isOutputParts } from './parts.ts'

/** Ties the type of `execute` to the schema. */
export function tool<const S extends Schema, Output = never>(
  definition: ToolDefinition<S, Output>,
): Tool<InferSchema<S>, Output> {
  return definition as Tool<InferSchema<S>, Output> // the schema of S accepts exactly InferSchema<S>
}

/**
 * Answers a call. A string or parts go as they are, any other value as JSON, an Error as its message with `isError`; what JSON
 * cannot hold is an error that says so.
 */
export function toolResult(
  call: { readonly id: string; readonly name: string },
  output: unknown,
  options: { isError?: boolean | undefined } = {},
): ToolResultPart {
  const { shown, failed } = show(output)
  const isError = options.isError ?? failed
  return { type: 'tool_result', id: call.id, name: call.name, output: shown, ...(isError && { isError: true }) }
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
        return toolResult(call, textOf(error), { isError: true })
      }
    }),
  )
  return { role: 'tool', content }
}

interface Shown {
  readonly shown: ToolResultPart['output']
  readonly failed: boolean
}

function show(output: unknown): Shown {
  if (typeof output === 'string') return { shown: output, failed: false }
  if (output instanceof Error) return { shown: textOf(output), failed: true }
  if (isOutputParts(output)) return { shown: output as readonly (TextPart | FilePart)[], failed: false } // just checked
  if (output === undefined) return { shown: 'null', failed: false }
  try {
    const json: unknown = JSON.stringify(output)
    if (typeof json === 'string') return { shown: json, failed: false }
    return { shown: `the tool returned a ${typeof output}, which JSON cannot hold`, failed: true }
  } catch (error) {
    return { shown: `the tool returned what JSON cannot hold: ${textOf(error)}`, failed: true }
  }
}

/** Anything can be thrown, even what has no text. */
function textOf(thrown: unknown): string {
  try {
    return String(thrown instanceof Error ? thrown.message : thrown)
  } catch {
    return 'the tool threw something that has no text'
  }
}
