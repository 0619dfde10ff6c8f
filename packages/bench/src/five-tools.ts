/** One file of a user, whose five tools have zod schemas: the same for each library, as far as that is possible. */
export const fiveTools = {
  ours: fileOf({
    head: `import { runTools, tool, type LLM } from '@wayfare/llm'
declare const llm: LLM`,
    body: `const response = await llm.complete({ messages: 'Hello', tools })
  for (const call of response.toolCalls) {
    if (call.invalid) continue
    if (call.name === 'weather') shown.push(call.input.city)
    if (call.name === 'booking') shown.push(call.input.from.city)
  }
  await runTools(response.toolCalls, tools)
  for await (const event of llm.stream({ messages: 'Hello', tools })) {
    if (event.type === 'text_delta') shown.push(event.text)
    if (event.type !== 'tool_call' || event.toolCall.invalid) continue
    if (event.toolCall.name === 'search') shown.push(event.toolCall.input.query)
  }`,
  }),
  'AI SDK': fileOf({
    head: `import { generateText, streamText, tool, type LanguageModel } from 'ai'
declare const model: LanguageModel`,
    body: `const response = await generateText({ model, prompt: 'Hello', tools })
  for (const call of response.toolCalls) {
    if (call.dynamic) continue
    if (call.toolName === 'weather') shown.push(call.input.city)
    if (call.toolName === 'booking') shown.push(call.input.from.city)
  }
  for await (const event of streamText({ model, prompt: 'Hello', tools }).fullStream) {
    if (event.type === 'text-delta') shown.push(event.text)
    if (event.type !== 'tool-call' || event.dynamic) continue
    if (event.toolName === 'search') shown.push(event.input.query)
  }`,
  }),
  'Standard Schema alone': fileOf({
    head: `interface Standard<T> { readonly '~standard': { readonly types?: { readonly output: T } | undefined } }
interface Tool<T> { description: string; inputSchema: Standard<T>; execute: (input: T) => unknown }
type Call<T> = { [N in keyof T]: { name: N; input: T[N] extends Tool<infer I> ? I : never } }[keyof T]
declare function tool<T>(definition: Tool<T>): Tool<T>
declare function complete<T>(call: { messages: string; tools: T }): Promise<readonly Call<T>[]>`,
    body: `for (const call of await complete({ messages: 'Hello', tools })) {
    if (call.name === 'weather') shown.push(call.input.city)
    if (call.name === 'booking') shown.push(call.input.from.city)
    if (call.name === 'search') shown.push(call.input.query)
  }`,
  }),
} as const

function fileOf({ head, body }: { readonly head: string; readonly body: string }): string {
  return `import { z } from 'zod'
${head}
const place = z.object({ city: z.string(), date: z.string() })
const tools = {
  weather: tool({
    description: 'The weather',
    inputSchema: z.object({ city: z.string(), unit: z.enum(['celsius', 'fahrenheit']).optional() }),
    execute: ({ city }) => ({ city, degrees: 21 }),
  }),
  search: tool({
    description: 'A search',
    inputSchema: z.object({ query: z.string(), limit: z.number().int().default(10), tags: z.array(z.string()) }),
    execute: ({ query, limit }) => query + limit,
  }),
  email: tool({
    description: 'A letter',
    inputSchema: z.object({ to: z.array(z.string()), subject: z.string(), urgent: z.boolean().optional() }),
    execute: ({ to, subject }) => to.join() + subject,
  }),
  booking: tool({
    description: 'A journey',
    inputSchema: z.object({ from: place, to: place, seats: z.number() }),
    execute: ({ from, to }) => from.city + to.city,
  }),
  note: tool({
    description: 'A note',
    inputSchema: z.object({ text: z.string(), labels: z.record(z.string(), z.string()) }),
    execute: ({ text, labels }) => text + Object.keys(labels).length,
  }),
}
export async function main(): Promise<string[]> {
  const shown: string[] = []
  ${body}
  return shown
}
`
}
