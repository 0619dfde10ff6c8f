import { describe, expect, test } from 'vitest'
import type { Answer, WireName } from '../src/index.ts'
import { startEmulator } from '../src/index.ts'
import { ask, at, eventsOf, smallest, spoken, wireNames } from './client.ts'

describe.each(wireNames)('%s', (wire) => {
  test('says hello in the name of the model when nothing is scripted', async () => {
    await using emulator = await startEmulator()
    const { text } = spoken(wire, await (await ask(emulator, wire)).text())
    expect(text).toBe(`Hello from ${smallest[wire].model}.`)
  })

  test('streams reasoning, text and tool arguments whole', async () => {
    await using emulator = await startEmulator()
    emulator.enqueue(wire, {
      reasoning: 'Let me  think.\n',
      text: 'Hé👋lo, the weather: ',
      toolCalls: [{ name: 'weather', input: { city: 'Zürich', days: 3 } }],
    })
    const said = spoken(wire, await (await ask(emulator, wire)).text())
    expect(said).toEqual({
      reasoning: 'Let me  think.\n',
      text: 'Hé👋lo, the weather: ',
      args: '{"city":"Zürich","days":3}',
    })
  })

  test.each([1, 2, 7, 1000])('streams the same in deltas of %i characters', async (deltaSize) => {
    await using emulator = await startEmulator()
    emulator.enqueue(wire, { reasoning: 'a 👋 b', text: 'Hé👋lo', deltaSize })
    expect(spoken(wire, await (await ask(emulator, wire)).text())).toMatchObject({
      reasoning: 'a 👋 b',
      text: 'Hé👋lo',
    })
  })

  test('answers one JSON body when no stream is asked for', async () => {
    await using emulator = await startEmulator()
    emulator.enqueue(wire, { text: 'One body.', reasoning: 'Why not.' })
    const response = await ask(emulator, wire, { stream: false })
    expect(response.headers.get('content-type')).toMatch(/^application\/json/)
    const body: unknown = await response.json()
    const places: Record<WireName, [text: string, reasoning: string]> = {
      anthropic: ['content.1.text', 'content.0.thinking'],
      openai: ['choices.0.message.content', 'choices.0.message.reasoning_content'],
      openrouter: ['choices.0.message.content', 'choices.0.message.reasoning'],
      google: ['candidates.0.content.parts.1.text', 'candidates.0.content.parts.0.text'],
      ollama: ['message.content', 'message.thinking'],
    }
    expect(places[wire].map((place) => at(body, place))).toEqual(['One body.', 'Why not.'])
  })

  test('ends with its terminator', async () => {
    await using emulator = await startEmulator()
    const text = await (await ask(emulator, wire)).text()
    const ends: Record<WireName, RegExp> = {
      anthropic: /event: message_stop\ndata: \{"type":"message_stop"\}\n\n$/,
      openai: /"finish_reason":"stop".*\n\ndata: \[DONE\]\n\n$/,
      openrouter: /\ndata: \[DONE\]\n\n$/,
      google: /"finishReason":"STOP".*\n\n$/,
      ollama: /"done":true,"done_reason":"stop".*\n$/,
    }
    expect(text).toMatch(ends[wire])
  })

  test('estimates usage at four characters a token', async () => {
    await using emulator = await startEmulator()
    emulator.enqueue(wire, { text: 'x'.repeat(41), reasoning: 'y'.repeat(40) })
    const history = JSON.stringify(smallest[wire].body['messages'] ?? smallest[wire].body['contents'])
    const usage = usageIn(wire, await (await ask(emulator, wire, { stream: false })).json())
    expect(usage).toMatchObject({ prompt: Math.ceil(history.length / 4), output: 21 })
  })
})

/** The vendor's own figures: everything read, and everything written (google: thoughts are apart). */
function usageIn(wire: WireName, body: unknown): { prompt: unknown; output: unknown } {
  const places: Record<WireName, [prompt: string, output: string]> = {
    anthropic: ['usage.input_tokens', 'usage.output_tokens'],
    openai: ['usage.prompt_tokens', 'usage.completion_tokens'],
    openrouter: ['usage.prompt_tokens', 'usage.completion_tokens'],
    google: ['usageMetadata.promptTokenCount', 'usageMetadata.candidatesTokenCount'],
    ollama: ['prompt_eval_count', 'eval_count'],
  }
  const [prompt, output] = places[wire].map((place) => at(body, place))
  const thoughts = wire === 'google' ? Number(at(body, 'usageMetadata.thoughtsTokenCount')) : 0
  return { prompt, output: Number(output) + thoughts }
}

const scripted = { input: 100, cacheRead: 20, cacheWrite: 5, cacheWrite1h: 3, output: 50, reasoning: 30 }

test.each<[WireName, string, Record<string, unknown>]>([
  [
    'anthropic',
    'usage',
    {
      input_tokens: 100,
      cache_read_input_tokens: 20,
      cache_creation_input_tokens: 8,
      cache_creation: { ephemeral_5m_input_tokens: 5, ephemeral_1h_input_tokens: 3 },
      output_tokens: 50,
      output_tokens_details: { thinking_tokens: 30 },
    },
  ],
  [
    'openai',
    'usage',
    {
      prompt_tokens: 128,
      completion_tokens: 50,
      total_tokens: 178,
      prompt_tokens_details: { cached_tokens: 20, cache_write_tokens: 8 },
      completion_tokens_details: { reasoning_tokens: 30 },
    },
  ],
  ['openrouter', 'usage', { prompt_tokens: 128, completion_tokens: 50, cost: 0.25, is_byok: false }],
  [
    'google',
    'usageMetadata',
    {
      promptTokenCount: 128,
      cachedContentTokenCount: 20,
      candidatesTokenCount: 20,
      thoughtsTokenCount: 30,
      totalTokenCount: 178,
    },
  ],
])('%s reports scripted usage in its own terms', async (wire, place, expected) => {
  await using emulator = await startEmulator()
  const answer: Answer = { text: 'ok', usage: scripted, costUsd: 0.25 }
  emulator.enqueue(wire, answer, answer)
  expect(at(await (await ask(emulator, wire, { stream: false })).json(), place)).toMatchObject(expected)
  const streamed = wire === 'openai' ? { ...smallest.openai.body, stream_options: { include_usage: true } } : undefined
  const events = eventsOf(await (await ask(emulator, wire, { ...(streamed && { body: streamed }) })).text())
  expect(
    events.findLast((event) => at(event, place) !== undefined && at(event, place) !== null)?.[place],
  ).toMatchObject(expected)
})

test('ollama reports scripted usage on its last line', async () => {
  await using emulator = await startEmulator()
  emulator.enqueue('ollama', { text: 'ok', usage: scripted })
  expect(eventsOf(await (await ask(emulator, 'ollama')).text()).at(-1)).toMatchObject({
    prompt_eval_count: 128,
    eval_count: 50,
  })
})

test.each(wireNames)('%s sends no usage when the script says none', async (wire) => {
  await using emulator = await startEmulator()
  emulator.enqueue(wire, { usage: 'none' }, { usage: 'none' })
  const texts = [await (await ask(emulator, wire)).text(), await (await ask(emulator, wire, { stream: false })).text()]
  for (const text of texts) expect(text).not.toMatch(/usage|tokens|eval_count/i)
})

test('openai streams usage on request only, in a chunk without choices', async () => {
  await using emulator = await startEmulator()
  expect(await (await ask(emulator, 'openai')).text()).not.toContain('usage')
  const body = { ...smallest.openai.body, stream_options: { include_usage: true } }
  const last = eventsOf(await (await ask(emulator, 'openai', { body })).text()).at(-1)
  expect(last).toMatchObject({ choices: [], usage: { completion_tokens: 6 } })
})

test('the usage of gemini grows from chunk to chunk', async () => {
  await using emulator = await startEmulator()
  emulator.enqueue('google', { text: 'a b c d', reasoning: 'x y', usage: { output: 40, reasoning: 20 } })
  const events = eventsOf(await (await ask(emulator, 'google')).text())
  expect(
    events.map((event) => [
      at(event, 'usageMetadata.thoughtsTokenCount'),
      at(event, 'usageMetadata.candidatesTokenCount'),
    ]),
  ).toEqual([
    [10, 0],
    [20, 0],
    [20, 5],
    [20, 10],
    [20, 15],
    [20, 20],
    [20, 20],
  ])
})

test('the usage of gemini counts thoughts that are not shown', async () => {
  await using emulator = await startEmulator()
  emulator.enqueue('google', { text: 'a b', usage: { output: 40, reasoning: 20 } })
  const events = eventsOf(await (await ask(emulator, 'google')).text())
  expect(events.map((event) => at(event, 'usageMetadata.candidatesTokenCount'))).toEqual([10, 20, 20])
  expect(events.map((event) => at(event, 'usageMetadata.thoughtsTokenCount'))).toEqual([20, 20, 20])
})

test('a delta never halves a character', async () => {
  await using emulator = await startEmulator()
  emulator.enqueue('ollama', { text: '👋👋', deltaSize: 1 })
  const events = eventsOf(await (await ask(emulator, 'ollama')).text())
  expect(events.map((event) => at(event, 'message.content'))).toEqual(['👋', '👋', ''])
})

const finishes = ['stop', 'length', 'tool_calls', 'content_filter', 'refusal', 'pause'] as const

test.each<[WireName, string, string[]]>([
  ['anthropic', 'stop_reason', ['end_turn', 'max_tokens', 'tool_use', 'refusal', 'refusal', 'pause_turn']],
  ['openai', 'choices.0.finish_reason', ['stop', 'length', 'tool_calls', 'content_filter', 'stop', 'stop']],
  ['openrouter', 'choices.0.finish_reason', ['stop', 'length', 'tool_calls', 'content_filter', 'stop', 'stop']],
  ['google', 'candidates.0.finishReason', ['STOP', 'MAX_TOKENS', 'STOP', 'SAFETY', 'PROHIBITED_CONTENT', 'STOP']],
  ['ollama', 'done_reason', ['stop', 'length', 'stop', 'stop', 'stop', 'stop']],
])('%s has its own words for how an answer ends', async (wire, place, words) => {
  await using emulator = await startEmulator()
  emulator.enqueue(wire, ...finishes.map((finish): Answer => ({ text: 'x', finish })))
  const seen: unknown[] = []
  for (const _ of finishes) seen.push(at(await (await ask(emulator, wire, { stream: false })).json(), place))
  expect(seen).toEqual(words)
})

test('an openai refusal stands in its own field', async () => {
  await using emulator = await startEmulator()
  emulator.enqueue('openai', { text: 'No.', finish: 'refusal' }, { text: 'No.', finish: 'refusal' })
  expect(await (await ask(emulator, 'openai', { stream: false })).json()).toMatchObject({
    choices: [{ message: { content: null, refusal: 'No.' }, finish_reason: 'stop' }],
  })
  expect(await (await ask(emulator, 'openai')).text()).toContain('"refusal":"No."')
})

test.each<[WireName, string]>([
  ['anthropic', 'request-id'],
  ['openai', 'x-request-id'],
  ['openrouter', 'x-generation-id'],
])('%s names every request in its header %s', async (wire, header) => {
  await using emulator = await startEmulator()
  emulator.enqueue(wire, {}, { error: 'server' })
  const ids = [(await ask(emulator, wire)).headers.get(header), (await ask(emulator, wire)).headers.get(header)]
  expect(ids.every((id) => id?.includes('emu'))).toBe(true)
  expect(new Set(ids).size).toBe(2)
})

test('tool calls keep their scripted id, name and argument text', async () => {
  await using emulator = await startEmulator()
  const toolCalls = [{ name: 'broken', rawInput: '{"a": ', id: '' }]
  emulator.enqueue('openai', { toolCalls }, { toolCalls })
  const body: unknown = await (await ask(emulator, 'openai', { stream: false })).json()
  expect(at(body, 'choices.0.message.tool_calls.0')).toMatchObject({
    id: '',
    function: { name: 'broken', arguments: '{"a": ' },
  })
  expect(spoken('openai', await (await ask(emulator, 'openai')).text()).args).toBe('{"a": ')
})

test('anthropic streams a call without arguments as one empty piece', async () => {
  await using emulator = await startEmulator()
  emulator.enqueue('anthropic', { toolCalls: [{ name: 'now' }] })
  const events = eventsOf(await (await ask(emulator, 'anthropic')).text())
  expect(
    events.filter((event) => at(event, 'delta.type') === 'input_json_delta').map((event) => at(event, 'delta')),
  ).toEqual([{ type: 'input_json_delta', partial_json: '' }])
})

test('an answer may name another model and bring its own headers', async () => {
  await using emulator = await startEmulator()
  emulator.enqueue('anthropic', { model: 'claude-other', headers: { 'request-id': 'mine', 'x-more': '1' } })
  const response = await ask(emulator, 'anthropic', { stream: false })
  expect(response.headers.get('request-id')).toBe('mine')
  expect(response.headers.get('x-more')).toBe('1')
  expect(await response.json()).toMatchObject({
    model: 'claude-other',
    content: [{ text: 'Hello from claude-other.' }],
  })
})

test('lines end as scripted', async () => {
  await using emulator = await startEmulator()
  emulator.enqueue('anthropic', { lineEnd: '\r\n' })
  const text = await (await ask(emulator, 'anthropic')).text()
  expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
  expect(text).toContain('event: ping\r\ndata: {"type":"ping"}\r\n\r\n')
})
