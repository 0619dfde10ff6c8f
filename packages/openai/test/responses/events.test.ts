import { collect, Router } from '@wayfare/core'
import { describe, expect, test } from 'vitest'
import { openai } from '../../src/index.ts'
import { answering, broken, events, sse, textOf } from '../call.ts'
import { added, completed, created, delta, done, failing, partsOf, said } from './stream.ts'

const message = (text: string, more: object = {}): object => ({
  type: 'message',
  id: 'msg_1',
  status: 'completed',
  role: 'assistant',
  content: [{ type: 'output_text', text, annotations: [], logprobs: [] }],
  ...more,
})

const callOf = (call_id: string): object => ({ type: 'function_call', call_id, name: 'go', arguments: '{}' })

test('events are known by their type, with or without a name', async () => {
  const list = [created, added(0, message('')), delta('output_text', 0, 'Hi'), done(0, message('Hi')), completed()]
  const named = list.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('')
  const all = await events(openai({ apiKey: 'k', fetch: answering(named) }))
  expect(all).toEqual(await said(list))
  expect(textOf(all)).toBe('Hi')
})

test('what nobody knows is ignored', async () => {
  const strange = [
    { type: 'response.sparkle.delta', output_index: 0, delta: 'x' },
    { type: 'keepalive', sequence_number: 3 },
    { type: 'response.image_generation_call.partial_image', output_index: 0, partial_image_b64: 'AAAA' },
    { type: 'response.output_text.delta', output_index: 0, content_index: 0, delta: null },
    '[DONE]',
  ]
  const all = await said([created, ...strange, done(0, message('Hi')), ...strange, completed(), 'not even JSON'])
  expect(partsOf(all)).toMatchObject([{ type: 'text', text: 'Hi' }])
  expect(all.at(-1)).toMatchObject({ type: 'finish', reason: 'stop' })
})

describe('items', () => {
  test('that overlap come out in their order', async () => {
    const thought = { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'e' }
    const call = { type: 'function_call', id: 'fc_1', call_id: 'a', name: 'go', arguments: '{}' }
    const all = await said([
      created,
      added(0, { ...thought, encrypted_content: 'first' }),
      added(1, message('')),
      added(2, { ...call, arguments: '' }),
      delta('output_text', 1, 'Hi '),
      done(2, call),
      delta('reasoning_summary_text', 0, 'Hm.', { summary_index: 0 }),
      delta('output_text', 1, 'there'),
      done(0, { ...thought, summary: [{ type: 'summary_text', text: 'Hm.' }] }),
      delta('output_text', 1, '.'),
      done(1, message('Hi there.')),
      completed(),
    ])
    expect(all.map((event) => ('text' in event ? event.text : event.type)).join(' ')).toBe(
      'start Hm. part Hi  there . part tool_call_delta part finish',
    )
    expect(partsOf(all)).toMatchObject([
      { type: 'reasoning', providerMetadata: { openai: { item: { id: 'rs_1', encrypted_content: 'e' } } } },
      { type: 'text', text: 'Hi there.' },
      { type: 'tool_call', id: 'a' },
    ])
  })

  test('with several texts become several parts of one id, citations at their places', async () => {
    const citation = { type: 'url_citation', url: 'https://example.org', title: 'x', start_index: 0, end_index: 1 }
    const one = { type: 'output_text', text: 'One.', annotations: [citation] }
    const two = { type: 'output_text', text: 'Two.', annotations: [] }
    const all = await said([
      created,
      added(0, message('', { phase: 'final_answer', content: [] })),
      delta('output_text', 0, 'One.'),
      { type: 'response.content_part.done', output_index: 0, content_index: 0, part: one },
      delta('output_text', 0, 'Two.', { content_index: 1 }),
      done(0, message('', { phase: 'final_answer', content: [one, two] })),
      completed(),
    ])
    expect(textOf(all)).toBe('One.Two.')
    expect(partsOf(all)).toEqual([
      {
        type: 'text',
        text: 'One.',
        providerMetadata: { openai: { item: { id: 'msg_1' }, facts: { annotations: [citation] } } },
      },
      {
        type: 'text',
        text: 'Two.',
        providerMetadata: { openai: { item: { id: 'msg_1', status: 'completed', phase: 'final_answer' } } },
      },
    ])
  })

  test('whose deltas are missing, in part or wholly, are shown all the same', async () => {
    const all = await said([
      created,
      added(0, message('')),
      delta('output_text', 0, 'Hé👋'),
      done(0, message('Hé👋lo')),
      done(1, message(' you', { id: 'msg_2' })),
      completed(),
    ])
    expect(textOf(all)).toBe('Hé👋lo you')
    expect(partsOf(all)).toMatchObject([{ text: 'Hé👋lo' }, { text: ' you' }])
  })

  test('that never end are ended by the response', async () => {
    const call = { type: 'function_call', id: 'fc_1', call_id: 'a', name: 'go', arguments: '' }
    const all = await said([
      created,
      delta('output_text', 0, 'Hi'),
      added(1, call),
      delta('function_call_arguments', 1, '{"a":1}'),
      completed(),
    ])
    expect(partsOf(all)).toMatchObject([
      { type: 'text', text: 'Hi' },
      { type: 'tool_call', id: 'a', name: 'go', input: { a: 1 } },
    ])
    expect(all.at(-1)).toMatchObject({ reason: 'tool_calls' })
  })

  test.each<[string, object, object]>([
    ['output_text', { text: 'Hi' }, { type: 'text', text: 'Hi' }],
    ['refusal', { refusal: 'No.' }, { type: 'text', text: 'No.' }],
    ['reasoning_text', { text: 'Hm.' }, { type: 'reasoning', text: 'Hm.' }],
    ['reasoning_summary_text', { text: 'Hm.', summary_index: 0 }, { type: 'reasoning', text: 'Hm.' }],
    ['content_part', { part: { type: 'output_text', text: 'Hi' } }, { type: 'text', text: 'Hi' }],
  ])('whose text comes with its %s.done alone are not empty', async (family, whole, part) => {
    const event = { type: `response.${family}.done`, output_index: 0, content_index: 0, ...whole }
    const begun = family === 'content_part' ? [added(0, message('', { content: [] }))] : []
    const all = await said([created, ...begun, event, event, completed()])
    expect(partsOf(all)).toMatchObject([part])
    expect(all.filter(({ type }) => type.endsWith('_delta'))).toHaveLength(1)
  })

  test.each<[string, { type: string }[], object[], string[]]>([
    ['a call behind the streamed text', [done(0, message('Hi'))], [message('Hi'), callOf('a')], ['Hi', 'a']],
    ['a call before the streamed text', [done(1, message('Hi'))], [callOf('a'), message('Hi')], ['Hi', 'a']],
    [
      'a call before streamed ones',
      [done(0, callOf('a')), done(1, callOf('b'))],
      [callOf('c'), callOf('a'), callOf('b')],
      ['a', 'b', 'c'],
    ],
    ['a second call of the same id', [done(0, callOf('a'))], [callOf('a'), callOf('a')], ['a', 'call_a1_1']],
    ['a text of another place', [done(3, message('Hi'))], [message('Hi')], ['Hi']],
    ['a text of another place and id', [done(3, message('Hi'))], [message('Hi', { id: 'msg_9' })], ['Hi']],
    ['a call of another id at its place', [done(0, callOf('a'))], [callOf('z')], ['a']],
    ['a call without an id at another place', [done(3, callOf(''))], [callOf('')], ['call_a1_0']],
  ])('the final output is joined with the stream: %s', async (_, list, output, expected) => {
    const parts = partsOf(await said([created, ...list, completed({ output })]))
    expect(parts.map((part) => (part.type === 'tool_call' ? part.id : 'text' in part && part.text))).toEqual(expected)
  })

  test('a thought that never ends has no encrypted form', async () => {
    const all = await said([
      created,
      added(0, { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'first' }),
      delta('reasoning_summary_text', 0, 'Hm.', { summary_index: 0 }),
      { type: 'response.incomplete', response: { incomplete_details: { reason: 'max_output_tokens' } } },
    ])
    expect(partsOf(all)).toEqual([
      { type: 'reasoning', text: 'Hm.', providerMetadata: { openai: { item: { id: 'rs_1' } } } },
    ])
  })

  test('that only the end of the response holds are read there, others not twice', async () => {
    const output = [message('Hi')]
    expect(partsOf(await said([created, completed({ output })]))).toMatchObject([{ text: 'Hi' }])
    expect(partsOf(await said([created, done(0, message('Hi')), completed({ output })]))).toHaveLength(1)
    expect(partsOf(await said([created, done(3, message('Hi')), completed({ output })]))).toHaveLength(1)
  })

  test('raw thoughts and summaries are thoughts', async () => {
    const all = await said([
      created,
      added(0, { type: 'reasoning', id: 'rs_1', summary: [] }),
      delta('reasoning_text', 0, 'raw'),
      done(0, {
        type: 'reasoning',
        id: 'rs_1',
        summary: [{ type: 'summary_text', text: 'short' }],
        content: [{ type: 'reasoning_text', text: 'raw' }],
        encrypted_content: 'e',
      }),
      done(1, message('Hi')),
      completed(),
    ])
    const thoughts = partsOf(all).filter((part) => part.type === 'reasoning')
    expect(thoughts.map((part) => part.text)).toEqual(['raw', 'short'])
  })
})

describe('tool calls', () => {
  const call = (more: object): object => ({ type: 'function_call', call_id: 'a', name: 'go', arguments: '{}', ...more })

  test.each<[string, object[], object[]]>([
    ['input as an object', [call({ arguments: { a: 1 } })], [{ input: { a: 1 }, rawInput: '{"a":1}' }]],
    ['no input', [call({ arguments: '' })], [{ input: {}, rawInput: '{}' }]],
    ['the id of the item alone', [call({ id: 'fc_1', call_id: undefined })], [{ id: 'fc_1' }]],
    ['no id', [call({ call_id: '' })], [{ id: 'call_a1_0' }]],
    ['one id twice', [call({}), call({})], [{ id: 'a' }, { id: 'call_a1_1' }]],
    ['input that is no JSON', [call({ arguments: '{"a' })], [{ invalid: true, rawInput: '{"a' }]],
    ['input that nests too deeply', [call({ arguments: '['.repeat(9999) })], [{ invalid: true }]],
    ['prototypes', [call({ arguments: '{"__proto__":{"x":1}}' })], [{ rawInput: '{"__proto__":{"x":1}}' }]],
    [
      'input of any form',
      [{ type: 'custom_tool_call', id: 'ctc_1', call_id: 'a', name: 'go', input: 'go (1' }],
      [{ input: 'go (1', rawInput: 'go (1', providerMetadata: { openai: { custom: true } } }],
    ],
  ])('with %s', async (_, items, parts) => {
    const all = await said([created, ...items.map((item, at) => done(at, item)), completed()])
    expect(partsOf(all)).toMatchObject(parts)
    expect(all.at(-1)).toMatchObject({ reason: 'tool_calls' })
    expect(({} as { x?: unknown }).x).toBeUndefined()
  })

  test('whose status says that they were cut short are left out, whatever else comes', async () => {
    const cut = { type: 'function_call', call_id: 'a', name: 'go', arguments: '{"a', status: 'incomplete' }
    const end = { type: 'response.incomplete', response: { incomplete_details: { reason: 'content_filter' } } }
    const all = await said([created, done(0, cut), end])
    expect(partsOf(all)).toEqual([])
    expect(all.at(-1)).toMatchObject({ reason: 'content_filter', warnings: [{ code: 'tool_call_cut' }] })
  })

  const begun = added(0, { ...call({ id: 'fc_1' }), type: 'function_call', arguments: '' })
  const inputDone = (more: object): { type: string } & Record<string, unknown> => ({
    type: 'response.function_call_arguments.done',
    output_index: 0,
    ...more,
  })

  test.each<[string, { type: string }[], object]>([
    ['never came', [], { invalid: true, rawInput: '' }],
    ['came at its end alone', [inputDone({ arguments: '{"a":1}' })], { input: { a: 1 }, rawInput: '{"a":1}' }],
    [
      'came in part before its end',
      [delta('function_call_arguments', 0, '{"a"'), inputDone({ arguments: '{"a":1}' })],
      { input: { a: 1 }, rawInput: '{"a":1}' },
    ],
    [
      'came otherwise before its end',
      [delta('function_call_arguments', 0, '{"b"'), inputDone({ arguments: '{"a":1}' })],
      { input: { a: 1 } },
    ],
    ['is known to be empty', [inputDone({ arguments: '' })], { input: {}, rawInput: '{}' }],
    ['came in pieces without an end', [delta('function_call_arguments', 0, '{"a":1}')], { input: { a: 1 } }],
    ['was cut off', [delta('function_call_arguments', 0, '{"a":1')], { invalid: true, rawInput: '{"a":1' }],
    ['stands in the item', [done(0, call({ arguments: '{"a":1}' }))], { input: { a: 1 } }],
    [
      'came at its end, and the item has none',
      [inputDone({ arguments: '{"a":1}' }), done(0, call({ arguments: '' }))],
      { input: { a: 1 } },
    ],
  ])('whose input %s', async (_, list, part) => {
    const parts = partsOf(await said([created, begun, ...list, completed()]))
    expect(parts).toMatchObject([{ type: 'tool_call', id: 'a', ...part }])
    expect('invalid' in parts[0]!).toBe('invalid' in part)
  })

  test('whose input begins with a placeholder are not believed without an end', async () => {
    const all = await said([created, added(0, call({})), completed()])
    expect(partsOf(all)).toMatchObject([{ type: 'tool_call', invalid: true }])
    expect(partsOf(await said([created, added(0, call({})), completed({ output: [call({})] })]))).toMatchObject([
      { type: 'tool_call', input: {}, rawInput: '{}' },
    ])
  })

  test('with input of any form need an end', async () => {
    const custom = { type: 'custom_tool_call', id: 'ctc_1', call_id: 'a', name: 'go', input: '' }
    const list = [created, added(0, custom), delta('custom_tool_call_input', 0, 'rm -r /tmp')]
    const end = { type: 'response.custom_tool_call_input.done', output_index: 0, input: 'rm -r /tmp/x' }
    expect(partsOf(await said([...list, completed()]))).toMatchObject([{ invalid: true, rawInput: 'rm -r /tmp' }])
    const [whole] = partsOf(await said([...list, end, completed()]))
    expect(whole).toMatchObject({ input: 'rm -r /tmp/x' })
    expect(whole).not.toHaveProperty('invalid')
  })

  test('that a limit cut short before their input are left out', async () => {
    const end = { type: 'response.incomplete', response: { incomplete_details: { reason: 'max_output_tokens' } } }
    const cut = call({ arguments: '', status: 'incomplete' })
    const custom = { type: 'custom_tool_call', call_id: 'a', name: 'go', input: 'rm -r /', status: 'incomplete' }
    for (const list of [[begun], [begun, done(0, cut)], [done(0, custom)]]) {
      const all = await said([created, ...list, end])
      expect(partsOf(all)).toEqual([])
      expect(all.at(-1)).toMatchObject({ reason: 'length', warnings: [{ code: 'tool_call_cut' }] })
    }
  })

  test('larger than 8 MiB are refused', async () => {
    const piece = delta('function_call_arguments', 0, 'x'.repeat(3 * 1024 * 1024))
    expect((await failing([created, piece, piece, piece])).error).toMatchObject({ kind: 'response_too_large' })
  })
})

describe('tools of the vendor', () => {
  test.each<[object, boolean]>([
    [{ type: 'web_search_call', id: 'ws_1', status: 'completed', action: { type: 'search', query: 'x' } }, true],
    [{ type: 'code_interpreter_call', id: 'ci_1', code: 'x' }, true],
    [{ type: 'mcp_call', id: 'mcp_1', name: 'pay', arguments: '{}', output: 'ok' }, true],
    [{ type: 'shell_call', id: 'sh_1', call_id: 'a', environment: { type: 'container_reference' } }, true],
    [{ type: 'shell_call', id: 'sh_1', call_id: 'a', environment: { type: 'local' } }, false],
    [{ type: 'quantum_call', id: 'q_1' }, true],
    [{ type: 'mcp_list_tools', id: 'mcpl_1', tools: [] }, false],
    [{ type: 'compaction', id: 'cmp_1', encrypted_content: 'e' }, false],
  ])('%j', async (item, ran) => {
    const all = await said([created, added(0, item), done(0, item), completed()])
    expect(partsOf(all)).toEqual([
      { type: 'provider', vendor: 'openai', kind: 'type' in item && item.type, value: item },
    ])
    expect(all.some((event) => event.type === 'side_effect')).toBe(ran)
    expect(all.at(-1)).toMatchObject({ reason: 'stop' })
  })

  test('a tool that began to run forbids a replay, even if the stream breaks', async () => {
    const { seen } = await failing([created, added(0, { type: 'mcp_call', name: 'pay' })])
    expect(seen).toContainEqual({ type: 'side_effect', name: 'pay' })
  })

  test('an image is a file, and goes back as what it was', async () => {
    const item = {
      type: 'image_generation_call',
      id: 'ig_1',
      status: 'completed',
      output_format: 'webp',
      result: 'AAAA',
    }
    const content = partsOf(await said([created, done(0, item), completed()]))
    expect(content).toMatchObject([{ type: 'file', mediaType: 'image/webp', data: 'AAAA' }])
    let body = ''
    const server = answering(sse([completed()], { done: false }))
    const fetch: typeof globalThis.fetch = (address, init) => {
      body = init?.body as string
      return server(address)
    }
    await events(openai({ apiKey: 'k', fetch }), { messages: [{ role: 'assistant', content }] })
    expect((JSON.parse(body) as { input: unknown }).input).toEqual([item])
  })

  test('searches are counted, opened pages are not', async () => {
    const search = (id: string, type: string): object => ({ type: 'web_search_call', id, action: { type } })
    const usage = { input_tokens: 1, output_tokens: 1 }
    const items = [search('a', 'search'), search('b', 'open_page'), search('c', 'search')]
    const all = await said([created, ...items.map((item, at) => done(at, item)), completed({ usage })])
    expect(all.find((event) => event.type === 'usage')?.usage).toMatchObject({ webSearches: 2 })
  })
})

describe('figures', () => {
  test.each<[object, object, object?]>([
    [
      { input_tokens: 4020, input_tokens_details: { cache_write_tokens: 4012 }, output_tokens: 5 },
      { input: 8, cacheRead: 0, cacheWrite: 4012, output: 5, reasoning: 0, total: 4025 },
    ],
    [
      { input_tokens: 100, input_tokens_details: { cached_tokens: 40 }, output_tokens: 9 },
      { input: 60, cacheRead: 40, output: 9, total: 109 },
    ],
    [
      { input_tokens: 1, output_tokens: 9, output_tokens_details: { reasoning_tokens: 7 }, total_tokens: 10 },
      { output: 9, reasoning: 7, total: 10 },
    ],
    [
      { input_tokens: 1, output_tokens: 2, output_tokens_details: { reasoning_tokens: 7 }, total_tokens: 10 },
      { output: 9, reasoning: 7, total: 10 },
    ],
    [
      { input_tokens: 10, input_tokens_details: { cached_tokens: 40 }, output_tokens: 1 },
      { input: 10, cacheRead: 40 },
      ['more tokens were cached than prompted'],
    ],
    [{ input_tokens: -5, output_tokens: 'x' }, { input: 0, output: 0 }, [expect.any(String), expect.any(String)]],
  ])('%j', async (usage, known, problems) => {
    const event = (await said([created, completed({ usage, service_tier: 'flex' })])).find(
      (one) => one.type === 'usage',
    )
    expect(event).toMatchObject({ usage: { ...known, serviceTier: 'flex' } })
    expect(event?.problems).toEqual(problems)
  })
})

describe('errors', () => {
  const facts = { code: 'rate_limit_exceeded', message: 'slow: SECRET' }

  test.each<[string, object]>([
    ['flat', { type: 'error', sequence_number: 1, param: null, ...facts }],
    ['nested', { type: 'error', error: { type: 'requests', ...facts } }],
    ['without a type', { error: facts }],
    ['of a response that failed', { type: 'response.failed', response: { status: 'failed', error: facts } }],
  ])('%s', async (_, event) => {
    const stream = [created, delta('output_text', 0, 'Hi'), JSON.stringify(event), completed()]
    const { seen, error } = await failing(stream)
    expect(textOf(seen)).toBe('Hi')
    expect(error).toMatchObject({
      kind: 'rate_limit',
      code: 'rate_limit_exceeded',
      requestId: 'req-1',
      billed: 'unknown',
      details: { providerMessage: 'slow: SECRET' },
    })
    expect((error as Error).message).not.toContain('SECRET')
  })

  test.each([
    ['server_error', '', 'server'],
    ['context_length_exceeded', '', 'context_length'],
    ['insufficient_quota', '', 'billing'],
    ['server_is_overloaded', '', 'overloaded'],
    [
      'invalid_prompt',
      'Invalid prompt: your prompt was flagged as potentially violating our usage policy.',
      'content_filter',
    ],
    ['invalid_prompt', 'Invalid prompt.', 'bad_request'],
    ['image_content_policy_violation', '', 'content_filter'],
    ['vector_store_timeout', '', 'timeout'],
    ['nobody_knows', '', 'server'],
  ])('%s %s is %s', async (code, message, kind) => {
    const { error } = await failing([{ type: 'response.failed', response: { error: { code, message } } }])
    expect(error).toMatchObject({ kind, code })
  })

  test('what a response says of its own end goes before the name of the event', async () => {
    const failed = { status: 'failed', error: facts, usage: { input_tokens: 7, output_tokens: 2 } }
    for (const type of ['response.completed', 'response.incomplete']) {
      const { seen, error } = await failing([created, { type, response: failed }])
      expect(error).toMatchObject({ kind: 'rate_limit' })
      expect(seen).toContainEqual(expect.objectContaining({ type: 'usage' }))
    }
    const cancelled = await failing([created, { type: 'response.completed', response: { status: 'cancelled' } }])
    expect(cancelled.error).toMatchObject({ isLLMError: true })
    const cut = { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }
    const all = await said([created, done(0, message('Hi')), { type: 'response.completed', response: cut }])
    expect(all.at(-1)).toMatchObject({ type: 'finish', reason: 'length', rawReason: 'max_output_tokens' })
  })

  test('what a failed response cost is told before its error, streamed or not', async () => {
    const response = {
      status: 'failed',
      output: [],
      error: { code: 'server_error', message: '' },
      usage: { input_tokens: 7, output_tokens: 2 },
    }
    const streamed = await failing([created, { type: 'response.failed', response }])
    const fetch = answering(JSON.stringify(response), { type: 'application/json' })
    const whole = await broken(openai({ apiKey: 'k', fetch }))
    for (const { seen, error } of [streamed, whole]) {
      expect(seen).toContainEqual(
        expect.objectContaining({ type: 'usage', usage: expect.objectContaining({ input: 7 }) }),
      )
      expect(error).toMatchObject({ kind: 'server', billed: 'unknown' })
    }
  })

  test('an item that is not found is a bad request, not an unknown model', async () => {
    const body = {
      error: { message: "Item with id 'rs_1' not found.", type: 'invalid_request_error', param: 'input', code: null },
    }
    const fetch = answering(JSON.stringify(body), { type: 'application/json', status: 404 })
    expect((await broken(openai({ apiKey: 'k', fetch }))).error).toMatchObject({ kind: 'bad_request', status: 404 })
  })
})

describe('answers that are none', () => {
  test.each<[string, (string | { type: string })[], object]>([
    ['no end', [created, delta('output_text', 0, 'Hi')], { kind: 'stream_truncated' }],
    ['an end of another protocol', [created, delta('output_text', 0, 'Hi'), '[DONE]'], { kind: 'stream_truncated' }],
    [
      'an event that is no JSON',
      [created, '{"type":"response.output_text.delta","del', completed()],
      { kind: 'protocol' },
    ],
    ['JSON that is no event', ['{"choices":[]}', '[]'], { kind: 'protocol', billed: 'yes' }],
    [
      'a piece without its place',
      [created, { ...delta('output_text', 0, 'x'), output_index: 'x' } as never],
      { kind: 'protocol', retryable: false },
    ],
    ['a piece at a place that is none', [created, delta('output_text', -1, 'x')], { kind: 'protocol' }],
    ['a piece that is no text', [created, { ...delta('output_text', 0, ''), delta: 7 } as never], { kind: 'protocol' }],
    ['an item without its type', [created, done(0, {})], { kind: 'protocol' }],
    [
      'events without end and content',
      Array.from({ length: 10_002 }, () => ({ type: 'keepalive' })),
      { kind: 'protocol' },
    ],
  ])('%s', async (_, list, facts) => {
    const { seen, error } = await failing(list)
    expect(error).toMatchObject(facts)
    expect(seen.some((event) => event.type === 'finish')).toBe(false)
  })

  test.each<[string, unknown, object]>([
    ['null', null, { kind: 'protocol' }],
    ['a chat completion', { choices: [] }, { kind: 'protocol', billed: 'yes' }],
    ['an error', { error: { code: 'insufficient_quota', message: '' } }, { kind: 'billing', billed: 'no' }],
    ['an error as text', { error: 'overloaded' }, { kind: 'server' }],
    ['a response that waits', { status: 'queued', output: [] }, { kind: 'protocol' }],
    ['a response that was cancelled', { status: 'cancelled', output: [] }, { kind: 'protocol' }],
  ])('one body: %s', async (_, body, facts) => {
    for (const stream of [true, false]) {
      const fetch = answering(JSON.stringify(body), { type: 'application/json' })
      expect((await broken(openai({ apiKey: 'k', fetch }), { stream })).error).toMatchObject(facts)
    }
  })

  test('an empty stream and an empty body', async () => {
    for (const type of ['text/event-stream', 'application/json']) {
      const { error } = await broken(openai({ apiKey: 'k', fetch: answering('', { type }) }))
      expect(error).toMatchObject({ kind: 'protocol', billed: 'no' })
    }
  })
})

test('the terminator counts without its blank line, half of it does not', async () => {
  const whole = sse([created, done(0, message('Hi')), completed()], { done: false }).trimEnd()
  const answer = await events(openai({ apiKey: 'k', fetch: answering(whole) }))
  expect(answer.at(-1)).toMatchObject({ type: 'finish' })
  const half = openai({ apiKey: 'k', fetch: answering(whole.slice(0, -20)) })
  expect((await broken(half)).error).toMatchObject({ kind: 'stream_truncated' })
})

test('a server that ignores "stream" is understood', async () => {
  const body = {
    id: 'resp_1',
    status: 'completed',
    output: [message('Hi')],
    usage: { input_tokens: 1, output_tokens: 1 },
  }
  const fetch = answering(JSON.stringify(body), { type: 'application/json' })
  const all = await events(openai({ apiKey: 'k', fetch }))
  expect(all.map((event) => event.type)).toEqual(['start', 'text_delta', 'part', 'usage', 'finish'])
})

test.each([1, 7, 64])(
  'texts of any characters arrive, whatever stands around them, in reads of %i bytes',
  async (size) => {
    const pieces = [
      'Hé',
      '👋',
      '"',
      '\\',
      '\\"',
      '","delta":"x',
      '\n\u2028',
      '}}',
      '',
      '\ud83d',
      'a longer piece of text',
    ]
    const shapes = [
      (text: string, n: number) => ({
        ...delta('output_text', 0, text),
        logprobs: [],
        sequence_number: n,
        obfuscation: 'aB3'.repeat(n % 4),
      }),
      (text: string, n: number) => ({
        type: 'response.output_text.delta',
        sequence_number: n,
        output_index: 0,
        content_index: 0,
        delta: text,
      }),
      (text: string) => ({ obfuscation: 'x', ...delta('output_text', 0, text) }),
    ]
    for (const shape of shapes) {
      const list = pieces.map((piece, at) => shape(piece, 8 + at))
      expect(textOf(await said([created, ...list, completed()], size))).toBe(pieces.join(''))
    }
  },
)

test('through a router, text and reasoning are whole and the message can be pushed back', async () => {
  const list = [
    created,
    added(0, { type: 'reasoning', id: 'rs_1', summary: [] }),
    delta('reasoning_summary_text', 0, 'One.', { summary_index: 0 }),
    delta('reasoning_summary_text', 0, 'Two.', { summary_index: 1 }),
    done(0, {
      type: 'reasoning',
      id: 'rs_1',
      summary: [
        { type: 'summary_text', text: 'One.' },
        { type: 'summary_text', text: 'Two.' },
      ],
      encrypted_content: 'e',
    }),
    done(1, message('Hi')),
    completed({ usage: { input_tokens: 3, output_tokens: 2 } }),
  ]
  const bodies: { input: unknown[] }[] = []
  const server = answering(sse(list, { done: false }))
  const fetch: typeof globalThis.fetch = (address, init) => {
    bodies.push(JSON.parse(init?.body as string) as { input: unknown[] })
    return server(address)
  }
  const router = new Router({ providers: [openai({ apiKey: 'k', fetch })], model: 'openai/gpt-6-mini' })
  const first = await collect(router.stream({ messages: 'Hello' }))
  expect(first.text).toBe('Hi')
  await router.complete({ messages: [first.message, { role: 'user', content: 'Go on' }] })
  expect(bodies[1]?.input.slice(0, 2)).toEqual([
    {
      type: 'reasoning',
      id: 'rs_1',
      summary: [
        { type: 'summary_text', text: 'One.' },
        { type: 'summary_text', text: 'Two.' },
      ],
      encrypted_content: 'e',
    },
    {
      type: 'message',
      id: 'msg_1',
      status: 'completed',
      role: 'assistant',
      content: [{ type: 'output_text', text: 'Hi', annotations: [] }],
    },
  ])
})
