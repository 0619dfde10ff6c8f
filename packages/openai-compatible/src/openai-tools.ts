import { jsonSchema, type JSONSchema, type ToolSet } from '@wayfare/core'
import { isRecord } from '@wayfare/provider-kit'

/** A tool of chat completions, as any client types it. */
export interface OpenAITool {
  readonly type: string
  readonly function?:
    | { readonly name: string; readonly description?: unknown; readonly parameters?: unknown }
    | undefined
}

/** Function tools in OpenAI's form as a set of tools without `execute`. Tools of other types are left out. */
export function fromOpenAITools(tools: readonly OpenAITool[]): ToolSet {
  return Object.fromEntries(
    tools.flatMap(({ type, function: made }) => {
      if (type !== 'function' || made === undefined) return []
      const { name, description, parameters } = made
      const schema: JSONSchema = isRecord(parameters) ? parameters : { type: 'object', properties: {} }
      return [[name, { ...(typeof description === 'string' && { description }), inputSchema: jsonSchema(schema) }]]
    }),
  )
}
