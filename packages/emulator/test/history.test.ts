import { expect, test } from 'vitest'
import type { WireName } from '../src/index.ts'
import { callSignature } from '../src/google/signature.ts'
import { startEmulator } from '../src/index.ts'
import { ask, at, smallest, wireNames } from './client.ts'

const said = {
  reasoning: 'Which city?',
  text: 'A moment.',
  toolCalls: [{ name: 'get', input: { b: 1, a: 'x' } }, { name: 'set' }],
}

/** The messages that follow an answer: what was said, and the results of its calls. */
const replay: Readonly<Record<WireName, (body: unknown) => object[]>> = {
  anthropic: (body) => {
    const content = at(body, 'content') as { type: string; id: string }[]
    const calls = content.filter((block) => block.type === 'tool_use')
    return [
      { role: 'assistant', content },
      { role: 'user', content: calls.map(({ id }) => ({ type: 'tool_result', tool_use_id: id, content: 'ok' })) },
    ]
  },
  openai: chatReplay,
  openrouter: chatReplay,
  google: (body) => {
    const content = at(body, 'candidates.0.content') as { parts: { functionCall?: { name: string; id?: string } }[] }
    const calls = content.parts.flatMap((part) => (part.functionCall ? [part.functionCall] : []))
    return [
      content,
      {
        role: 'user',
        parts: calls.map(({ name, id }) => ({ functionResponse: { name, id, response: { ok: true } } })),
      },
    ]
  },
  ollama: (body) => [at(body, 'message') as object, { role: 'tool', tool_name: 'get', content: 'ok' }],
}

function chatReplay(body: unknown): object[] {
  const message = at(body, 'choices.0.message') as { tool_calls: { id: string }[] }
  return [message, ...message.tool_calls.map(({ id }) => ({ role: 'tool', tool_call_id: id, content: 'ok' }))]
}

test.each([
  ...wireNames.map((wire) => [wire, smallest[wire].model] as const),
  ['google', 'gemini-3-pro-preview'] as const,
])('%s takes back what it said (%s)', async (wire, model) => {
  await using emulator = await startEmulator()
  emulator.enqueue(wire, said)
  const body: unknown = await (await ask(emulator, wire, { model, stream: false })).json()
  const field = wire === 'google' ? 'contents' : 'messages'
  const history = [...(smallest[wire].body[field] as object[]), ...replay[wire](body)]
  const response = await ask(emulator, wire, {
    model,
    stream: false,
    body: { ...smallest[wire].body, [field]: history },
  })
  expect(emulator.requests.at(-1)?.refusedBy).toBeUndefined()
  expect(response.status).toBe(200)
})

test('of gemini calls made together only the first is signed', async () => {
  await using emulator = await startEmulator()
  emulator.enqueue('google', said)
  const body: unknown = await (await ask(emulator, 'google', { model: 'gemini-3-pro-preview', stream: false })).json()
  const parts = at(body, 'candidates.0.content.parts') as { functionCall?: object; thoughtSignature?: string }[]
  const calls = parts.filter((part) => part.functionCall !== undefined)
  expect(calls.map((part) => typeof part.thoughtSignature)).toEqual(['string', 'undefined'])
})

test('the order of keys does not matter to a signature', () => {
  expect(callSignature('get', { a: 1, b: { c: 2, d: 3 } })).toBe(callSignature('get', { b: { d: 3, c: 2 }, a: 1 }))
  expect(callSignature('get', { a: 1 })).not.toBe(callSignature('get', { a: 2 }))
})

test('a streamed signature is the one that history is checked against', async () => {
  await using emulator = await startEmulator()
  emulator.enqueue('anthropic', { reasoning: 'Hm.' }, { reasoning: 'Hm.' })
  const one = await (await ask(emulator, 'anthropic')).text()
  const two = await (await ask(emulator, 'anthropic', { stream: false })).text()
  const signature = /"signature":"(EqMB[^"]+)"/
  expect(signature.exec(one)?.[1]).toBe(signature.exec(two)?.[1])
  expect(signature.exec(one)?.[1]).toBeDefined()
})
