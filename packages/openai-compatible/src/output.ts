import type { ProviderMessage, ProviderRequest, Warning } from '@wayfare/core'
import type { ChatBody, Dialect } from './dialect.ts'

interface OutputWish {
  readonly body: ChatBody
  /** Go before the others. */
  readonly messages: readonly ProviderMessage[]
  readonly warnings: readonly Warning[]
}

/** How the answer by a schema is asked for: by the field that enforces it, or where there is none by JSON mode and words. */
export function askForOutput({ output }: ProviderRequest, dialect: Dialect): OutputWish {
  if (output === undefined) return { body: {}, messages: [], warnings: [] }
  const { name, schema } = output
  if (dialect.output !== 'json_object') {
    const format = { type: 'json_schema', json_schema: { name, schema } }
    return { body: { response_format: format }, messages: [], warnings: [] }
  }
  const text = `Answer with one JSON object and nothing else. It is valid by this JSON Schema: ${JSON.stringify(schema)}`
  const message = `${dialect.vendor} enforces JSON but no schema; the schema was put into the prompt`
  return {
    body: { response_format: { type: 'json_object' } },
    messages: [{ role: 'system', content: [{ type: 'text', text }] }],
    warnings: [{ code: 'output_loosened', message }],
  }
}
