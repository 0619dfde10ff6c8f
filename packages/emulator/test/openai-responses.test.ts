import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startEmulator, type Emulator } from '../src/index.ts'
import { at, eventsOf } from './client.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await startEmulator()
})
beforeEach(() => emulator.reset())
afterAll(() => emulator.close())

async function ask(body: object): Promise<Response> {
  return fetch(`${emulator.baseURL('openai')}/responses`, {
    method: 'POST',
    headers: { authorization: 'Bearer key', 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-5-mini', input: 'Hi', ...body }),
  })
}

function typeOf({ type }: Record<string, unknown>): string {
  return typeof type === 'string' ? type : ''
}

function placeOf({ output_index: index }: Record<string, unknown>): string {
  return typeof index === 'number' ? ` ${index}` : ''
}

const include = ['reasoning.encrypted_content']

test('a stream tells the life of the response, each event numbered and named by its type', async () => {
  emulator.enqueue('openai', { reasoning: 'Hm.', text: 'Well, yes.', toolCalls: [{ name: 'get', input: { a: 1 } }] })
  const body = await (await ask({ stream: true, include })).text()
  const events = eventsOf(body)
  expect(events.map((event) => event['sequence_number'])).toEqual(events.map((_, index) => index))
  expect([...body.matchAll(/^event: (.*)$/gm)].map((match) => match[1])).toEqual(events.map((event) => event['type']))
  const family = [...new Set(events.map((event) => `${typeOf(event)}${placeOf(event)}`))]
  expect(family).toEqual([
    'response.created',
    'response.in_progress',
    'response.output_item.added 0',
    'response.reasoning_summary_part.added 0',
    'response.reasoning_summary_text.delta 0',
    'response.reasoning_summary_text.done 0',
    'response.reasoning_summary_part.done 0',
    'response.output_item.done 0',
    'response.output_item.added 1',
    'response.content_part.added 1',
    'response.output_text.delta 1',
    'response.output_text.done 1',
    'response.content_part.done 1',
    'response.output_item.done 1',
    'response.output_item.added 2',
    'response.function_call_arguments.delta 2',
    'response.function_call_arguments.done 2',
    'response.output_item.done 2',
    'response.completed',
  ])
  const deltas = events.filter((event) => typeOf(event).endsWith('.delta'))
  expect(deltas.map((event) => event['delta']).join('')).toBe('Hm.Well, yes.{"a":1}')
  expect(deltas.every((event) => typeof event['obfuscation'] === 'string')).toBe(true)
  const items = events.filter((event) => event['type'] === 'response.output_item.done').map((event) => event['item'])
  expect(at(events.at(-1), 'response.output')).toEqual(items)
})

test('one body holds the same response', async () => {
  emulator.enqueue('openai', {
    text: 'Yes.',
    usage: { input: 1, cacheRead: 2, cacheWrite: 3, output: 9, reasoning: 4 },
  })
  const response: unknown = await (await ask({ service_tier: 'flex', store: false })).json()
  expect(response).toMatchObject({
    object: 'response',
    status: 'completed',
    model: 'gpt-5-mini',
    service_tier: 'flex',
    store: false,
    output: [{ type: 'message', content: [{ type: 'output_text', text: 'Yes.' }] }],
    usage: {
      input_tokens: 6,
      input_tokens_details: { cached_tokens: 2, cache_write_tokens: 3 },
      output_tokens: 9,
      output_tokens_details: { reasoning_tokens: 4 },
      total_tokens: 15,
    },
  })
})

test.each([
  ['length', 'incomplete', { reason: 'max_output_tokens' }],
  ['content_filter', 'incomplete', { reason: 'content_filter' }],
  ['refusal', 'completed', null],
] as const)('the end by %s', async (finish, status, incomplete_details) => {
  emulator.enqueue('openai', { text: 'No.', finish }, { text: 'No.', finish })
  const body: unknown = await (await ask({})).json()
  expect(body).toMatchObject({ status, incomplete_details })
  const part = finish === 'refusal' ? { type: 'refusal', refusal: 'No.' } : { type: 'output_text', text: 'No.' }
  expect(body).toMatchObject({ output: [{ status, content: [part] }] })
  const events = eventsOf(await (await ask({ stream: true })).text())
  expect(events.at(-1)).toMatchObject({ type: `response.${status}`, response: { status } })
})

test('encrypted reasoning comes to those who ask for it, padding to those who do not mind', async () => {
  emulator.enqueue('openai', { reasoning: 'Hm.' }, { reasoning: 'Hm.', text: 'x' })
  const whole: unknown = await (await ask({})).json()
  expect(at(whole, 'output.0')).not.toHaveProperty('encrypted_content')
  const events = eventsOf(await (await ask({ stream: true, stream_options: { include_obfuscation: false } })).text())
  expect(events.some((event) => 'obfuscation' in event)).toBe(false)
})

test('an error inside the stream ends it', async () => {
  emulator.enqueue('openai', { text: 'one two', fault: { after: 1, kind: 'error', error: 'rate_limit' } })
  const events = eventsOf(await (await ask({ stream: true })).text())
  expect(events.at(-1)).toMatchObject({ type: 'error', error: { code: 'rate_limit_exceeded' } })
  expect(events.filter((event) => typeOf(event).endsWith('.delta'))).toHaveLength(1)
})

test('what the vendor refuses is refused in its words, and takes no reply', async () => {
  emulator.enqueue('openai', { text: 'kept' })
  const refusal = await ask({ seed: 7 })
  expect(refusal.status).toBe(400)
  expect(await refusal.json()).toEqual({
    error: { message: "Unknown parameter: 'seed'.", type: 'invalid_request_error', param: 'seed', code: null },
  })
  expect(emulator.requests[0]).toMatchObject({ refusedBy: 'unknown_field', path: '/openai/v1/responses' })
  expect(JSON.stringify(await (await ask({})).json())).toContain('kept')
})
