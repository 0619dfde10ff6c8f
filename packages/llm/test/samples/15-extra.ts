import { z } from 'zod'
import type { StandardSchemaV1, StandardJSONSchemaV1 } from '@standard-schema/spec'
import { tool, type ChatResponse, type StandardSchema, type ChatCall, type ToolSet, type Schema } from '@wayfare/core'
import { llm } from './01-quick-start.ts'
// our copy equals the spec
declare const spec: StandardSchemaV1<{ a: string }, { a: number }>
spec satisfies StandardSchema<{ a: string }, { a: number }>
declare const full: StandardSchemaV1<unknown, { a: number }> & StandardJSONSchemaV1<unknown, { a: number }>
full satisfies Schema<{ a: number }>
// @ts-expect-error a Standard Schema without JSON Schema cannot be sent to a model
tool({ inputSchema: spec })
// typed response goes where any response is wanted
const tools = { a: tool({ inputSchema: z.object({ x: z.number() }) }) }
const r = await llm.complete({ messages: 'x', tools })
const any: ChatResponse = r
void any
// generic wrapper
function wrap<T extends ToolSet, O>(call: ChatCall<T, O>) {
  return llm.complete({ ...call, session: 'w' })
}
const w = await wrap({ messages: 'x', tools, output: z.object({ k: z.string() }) })
w.output?.k
const w2 = await wrap({ messages: 'x', output: z.object({ k: z.string() }) })
w2.output.k
// unnarrowed
for (const c of r.toolCalls) {
  // @ts-expect-error must rule out invalid first
  if (c.name === 'a') c.input.x
  if (!c.invalid && c.name === 'a') c.input.x satisfies number
}
// providerOptions completion and check
await llm.complete({
  messages: 'x',
  providerOptions: { anthropic: { thinking: { display: 'omitted' } }, acme: { anything: 1 } },
})
// @ts-expect-error
await llm.complete({ messages: 'x', providerOptions: { anthropic: { thinking: { display: 'nope' } } } })
// @ts-expect-error prompt is not a name here
await llm.complete({ prompt: 'x' })
// inline tools infer
const inl = await llm.complete({
  messages: 'x',
  tools: { go: tool({ inputSchema: z.object({ to: z.string() }), execute: ({ to }) => to.length }) },
})
for (const c of inl.toolCalls) if (!c.invalid) c.input.to
// a tool without the helper
const raw = await llm.complete({
  messages: 'x',
  tools: { go: { inputSchema: z.object({ to: z.string() }), execute: (i: { to: string }) => i.to } },
})
for (const c of raw.toolCalls) if (!c.invalid) c.input.to satisfies string
const dyn = await llm.complete({ messages: 'x', tools: () => tools })
for (const c of dyn.toolCalls) if (!c.invalid) c.input.x satisfies number
// widening outside
const m = [{ role: 'user', content: 'hi' }]
// @ts-expect-error role widened to string: the classic
await llm.complete({ messages: m })
const m2 = [{ role: 'user', content: 'hi' }] as const
await llm.complete({ messages: m2 })
