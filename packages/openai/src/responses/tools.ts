import { LLMError, type ProviderRequest, type Warning } from '@wayfare/core'
import { adaptSchema } from './schema.ts'
import type { Wire } from './wire.ts'

/** The fields for tools: those of the call, then the vendor's own. Throws `unsupported` for input that is no object. */
export function toolFields(
  { tools, toolChoice }: ProviderRequest,
  vendorTools: readonly unknown[],
  provider: string,
): { readonly fields: Wire; readonly warnings: readonly Warning[] } {
  const warnings: Warning[] = []
  const own = tools.map(({ name, description, inputSchema }) => {
    checkRoot(inputSchema, `the input of the tool ${name}`, provider)
    const { schema: parameters, strict, dropped } = adaptSchema(inputSchema)
    if (dropped.length > 0) warnings.push(loosened(`the input of the tool ${name}`, dropped))
    return { type: 'function', name, ...(description !== undefined && { description }), parameters, strict }
  })
  const all = [...own, ...vendorTools]
  if (all.length === 0) return { fields: {}, warnings }
  const choice = typeof toolChoice === 'string' ? toolChoice : { type: 'function', name: toolChoice.tool }
  return { fields: { tools: all, ...(choice !== 'auto' && { tool_choice: choice }) }, warnings }
}

/** The vendor takes nothing but an object at the root of a schema. */
export function checkRoot(schema: Wire, owner: string, provider: string): void {
  if (schema['type'] === 'object' || (schema['type'] === undefined && schema['properties'] !== undefined)) return
  const message = `${owner} must be an object for this API; put it into a property of one`
  throw new LLMError('unsupported', message, { provider })
}

export function loosened(owner: string, keywords: readonly string[]): Warning {
  return {
    code: 'schema_loosened',
    message: `the model was not told about ${keywords.join(', ')} in the schema of ${owner}: the vendor refuses it`,
  }
}
