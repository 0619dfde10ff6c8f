import { startEmulator, type Answer, type Emulator } from '@wayfare/emulator'
import { createLLM, jsonSchema, tool, toolResult, type ChatResponse, type LLM, type Message } from '@wayfare/llm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { providerOf, wireNamed, type Wire } from './faults/kit/wires.ts'

const wires = ['anthropic', 'openai', 'openai-compatible', 'openrouter', 'google', 'ollama'].map(wireNamed)

const tools = {
  weather: tool({
    description: 'Tells the weather.',
    inputSchema: jsonSchema<{ city: string }>({
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
      additionalProperties: false,
    }),
  }),
}

const image = { type: 'file', mediaType: 'image/png', data: 'iVBORw0KGgo=' } as const

let emulator: Emulator
let llm: LLM
beforeAll(async () => {
  emulator = await startEmulator()
  llm = createLLM({
    providers: wires.map((wire) => providerOf(wire, emulator)),
    model: 'ollama/never-asked',
    maxOutputTokens: 2_000,
  })
})
afterAll(async () => {
  await llm.close()
  await emulator.close()
})

/** Two calls with a thought before them: what a turn may hold. */
function turn(city: string): Answer {
  return {
    reasoning: `They want to know about ${city}. 👋`,
    text: 'A moment.',
    toolCalls: [
      { name: 'weather', input: { city } },
      { name: 'weather', input: { city: 'Rome' } },
    ],
  }
}

async function ask(wire: Wire, messages: readonly Message[], answer: Answer): Promise<ChatResponse> {
  emulator.enqueue(wire.wire, answer)
  const model = { provider: wire.name, model: wire.model }
  // The model of the dialect thinks unasked.
  const wish = wire.name === 'openai-compatible' ? {} : ({ reasoning: 'low' } as const)
  return llm.complete({ model, messages: stored(messages), tools, ...wish })
}

/** As a history comes back from where it was kept. */
function stored(messages: readonly Message[]): Message[] {
  return JSON.parse(JSON.stringify(messages)) as Message[] // JSON is all that a history holds
}

/** A turn that calls tools, and their results, one of them with an image. */
async function work(wire: Wire, messages: readonly Message[], city: string): Promise<Message[]> {
  const response = await ask(wire, messages, turn(city))
  expect(response.toolCalls.map(({ input }) => input)).toEqual([{ city }, { city: 'Rome' }])
  const [first, second] = response.toolCalls
  if (first === undefined || second === undefined) throw new Error('there are two calls')
  const results = [toolResult(first, 'sunny'), toolResult(second, 'no answer', { isError: true })]
  return [...messages, response.message, { role: 'tool', content: results }]
}

const pairs = wires.flatMap((from) =>
  wires.filter((to) => to !== from).map((to) => [from.name, to.name, from, to] as const),
)

test('every wire is paired with every other', () => expect(pairs).toHaveLength(30))

test.each(pairs)('a conversation goes from %s to %s and back', async (_, __, from, to) => {
  emulator.reset()
  let messages: Message[] = [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: [{ type: 'text', text: 'What is the weather here?' }, image] },
  ]
  messages = await work(from, messages, 'Nîmes')
  messages = await work(to, messages, 'Oslo')
  messages = [...messages, { role: 'user', content: 'And tomorrow?' }]
  const middle = await ask(to, messages, { reasoning: 'Tomorrow.', text: 'Rain.' })
  messages = [...messages, middle.message, { role: 'user', content: [{ type: 'text', text: 'And here?' }, image] }]
  const last = await ask(from, messages, { reasoning: 'Here.', text: 'Sun.' })
  expect([middle.text, last.text]).toEqual(['Rain.', 'Sun.'])

  const sent = emulator.requests
  expect(sent.map(({ status, refusedBy }) => [status, refusedBy])).toEqual(sent.map(() => [200, undefined]))
  expect(sent).toHaveLength(4)
  const bodies = sent.map(({ body }) => JSON.stringify(body))
  // What was said reaches everybody; what only one vendor can read goes to that one.
  for (const said of ['Nîmes', 'Oslo', 'sunny', 'no answer', 'Rain.', 'iVBORw0KGgo=']) expect(bodies[3]).toContain(said)
  expect(bodies[1]).not.toContain('They want to know about Nîmes')
  expect(bodies[3]).not.toContain('They want to know about Oslo')
})
