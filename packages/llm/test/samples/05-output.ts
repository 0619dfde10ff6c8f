import { z } from 'zod'
import { jsonSchema, LLMError, tool } from '@wayfare/core'
import { llm } from './01-quick-start.ts'
const Person = z.object({ name: z.string(), age: z.number() })
const { output } = await llm.complete({ messages: 'Ada Lovelace', output: Person })
output.name satisfies string
const plain = await llm.complete({
  messages: 'x',
  output: jsonSchema<{ ok: boolean }>({ type: 'object', properties: { ok: { type: 'boolean' } } }),
})
plain.output.ok satisfies boolean
const none = await llm.complete({ messages: 'x' })
none.output satisfies undefined
const both = await llm.complete({
  messages: 'x',
  output: Person,
  tools: { t: tool({ inputSchema: z.object({ q: z.string() }) }) },
})
both.output?.name
// @ts-expect-error with tools the output may not be there yet
both.output.name
const s = llm.stream({ messages: 'x', output: Person })
for await (const e of s) if (e.type === 'finish') e.response.output.age satisfies number
try {
  await llm.complete({ messages: 'x', output: Person })
} catch (e) {
  if (LLMError.is(e) && e.kind === 'invalid_output') console.log(e.partial?.text, e.costUsd)
}
