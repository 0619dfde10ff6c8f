import { z } from 'zod'
import { tool, toolResult, runTools, type Message } from '@wayfare/core'
import { llm } from './01-quick-start.ts'
const tools = {
  get_weather: tool({
    description: 'Weather now',
    inputSchema: z.object({ city: z.string(), unit: z.enum(['c', 'f']).default('c') }),
    execute: async ({ city, unit }) => ({ city, unit, degrees: 21 }),
  }),
  book: tool({ inputSchema: z.object({ date: z.string().transform((s) => new Date(s)), seats: z.number().int() }) }),
}
// (a) by hand
const messages: Message[] = [{ role: 'user', content: 'Weather in Oslo, then book' }]
const first = await llm.complete({ session: 's', messages, tools })
messages.push(first.message)
const results = first.toolCalls.map((call) => {
  if (call.invalid) return toolResult(call, call.problem, { isError: true })
  switch (call.name) {
    case 'get_weather':
      return toolResult(call, `${call.input.city satisfies string} ${call.input.unit satisfies 'c' | 'f'}`)
    case 'book':
      return toolResult(call, { at: call.input.date.toISOString(), seats: call.input.seats })
  }
})
messages.push({ role: 'tool', content: results })
const second = await llm.complete({ session: 's', messages, tools })
console.log(second.text)
// (b) the loop
const only = { get_weather: tools.get_weather }
const history: Message[] = [{ role: 'user', content: 'Weather in Oslo' }]
for (let turn = 0; turn < 5; turn++) {
  const res = await llm.complete({
    messages: history,
    tools: only,
    onEvent: (e) => {
      if (e.type === 'tool_call' && !e.toolCall.invalid) e.toolCall.input.city satisfies string
    },
  })
  history.push(res.message)
  if (res.finishReason !== 'tool_calls') break
  history.push(await runTools(res.toolCalls, only))
}
