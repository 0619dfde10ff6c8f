import type { Sample, WireSamples } from '../../src/testing/index.ts'

type Json = { readonly type: string; readonly [field: string]: unknown }

function stream(...events: readonly Json[]): string {
  return events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')
}

const begin: Json = { type: 'begin', id: 'a-1', model: 'small-1' }
const text = (text: string, block = 0): Json => ({ type: 'text', block, text })
const call = (index: number, input: string, more: object = {}): Json => ({ type: 'call', index, input, ...more })
const end = (reason?: string): Json => ({ type: 'end', reason })
const usage = (more: object = {}): Json => ({ type: 'usage', input: 7, output: 3, ...more })
const hello = [begin, text('Hé👋lo'), text(', wörld')] as const
const first = { id: 'a', name: 'weather' }
const city = '{"city":"Nîmes 👋"}'
const question = { role: 'user', text: 'Say Hé👋lo, canary-prompt-5b1d.' }
const tools = ['weather']

/** A vendor that nobody knows. */
export const samples: WireSamples = {
  name: 'acme',
  model: 'small',
  stream: 'sse',
  terminator: /"type":"end"/,
  answers: {
    text: { body: stream(...hello, usage(), end('stop')) },
    blocks: { body: stream(begin, text('Hé👋lo, ', 0), text('wörld', 1), end('stop')) },
    reasoning: {
      body: stream(
        begin,
        { type: 'thought', text: 'Grüße 👋' },
        { type: 'thought', text: ', I think.' },
        { type: 'seal', seal: 'seal-1' },
        text('Hé👋lo, wörld'),
        end('stop'),
      ),
      expect: { replayed: ['Grüße 👋, I think.', 'seal-1'] },
    },
    reasoning_silent: { body: stream(begin, { type: 'seal', seal: 'seal-1' }, text('Hé👋lo, wörld'), end('stop')) },
    empty_answer: { body: stream(begin, end('stop')) },
    served_model: { body: stream(...hello, end('stop')), expect: { start: { id: 'a-1', model: 'small-1' } } },
    side_effect: {
      body: stream(begin, { type: 'tool', name: 'search' }, end('stop')),
      expect: { sideEffects: ['search'] },
    },
    json_body: { request: { stream: false }, body: { events: [...hello, end('stop')] } },
    tool_call: {
      body: stream(begin, call(0, '', first), call(0, '{"city":'), call(0, '"Nîmes 👋"}'), end('calls')),
      expect: { toolCalls: [{ rawInput: city }] },
    },
    parallel_tool_calls: {
      body: stream(
        call(0, '{"city":', first),
        call(1, '{"city":"Rome"}', { id: 'b', name: 'weather' }),
        call(0, '"Nîmes 👋"}'),
        end('calls'),
      ),
    },
    tool_call_without_input: { body: stream(begin, call(0, '', first), end('calls')) },
    tool_call_unreadable: { body: stream(begin, call(0, '{"city":', first), end('calls')) },
    tool_call_hostile: { body: stream(begin, call(0, '{"__proto__":{"polluted":1}}', first), end('calls')) },
    tool_call_without_id: { body: stream(begin, call(0, city, { name: 'weather' }), end('calls')) },
    tool_call_ids_repeated: {
      body: stream(begin, call(0, city, first), call(1, '{"city":"Rome"}', first), end('calls')),
    },
    tool_call_cut_by_limit: { body: stream(begin, call(0, '{"city":"Nîm', first), end('limit')) },
    usage_early: { body: stream(begin, usage(), text('Hé👋lo'), end('stop')) },
    usage_late: { body: stream(...hello, { type: 'reason', reason: 'stop' }, usage(), end()) },
    usage_repeated: { body: stream(begin, usage({ output: 1 }), usage({ output: 2 }), usage(), end('stop')) },
    usage_cached: { body: stream(...hello, usage({ cached: 2 }), end('stop')) },
    usage_missing: { body: stream(...hello, end('stop')) },
    usage_odd: { body: stream(...hello, usage({ input: -7 }), end('stop')) },
    finish_length: { body: stream(...hello, end('limit')) },
    finish_refusal: { body: stream(begin, text('No.'), end('refused')) },
    finish_unknown: { body: stream(...hello, end('never_heard_of')) },
    finish_unnamed: { body: stream(...hello, end()), expect: { warnings: ['no_reason'] } },
    error_inside_stream: {
      body: stream(...hello, { type: 'error', error: { code: 'overloaded' } }),
      expect: { text: 'Hé👋lo, wörld' },
    },
    error_at_once: { body: stream({ type: 'error', error: { code: 429 } }) },
    error_as_json: { body: { error: { code: 500, message: 'Failed.' } } },
    rate_limit: refusal(429, 'rate', 'Slow down.'),
  },
  requests: {
    canonical_request: {
      path: 'chat',
      body: {
        model: 'small',
        stream: true,
        limit: 1_000,
        tools,
        messages: [
          { role: 'system', text: 'Be brief.' },
          { role: 'user', text: 'What is the weather here? 👋[image/png]' },
          { role: 'assistant', text: 'Let me look.(call_1: weather {"city":"Nice"})(call_2: weather {"city":"Rome"})' },
          { role: 'tool', text: '(call_1: sunny)' },
          { role: 'tool', text: '(call_2: no answer)' },
          { role: 'user', text: 'And tomorrow?' },
        ],
      },
    },
    foreign_history: {
      path: 'chat',
      body: {
        model: 'small',
        stream: true,
        tools,
        messages: [
          { role: 'user', text: 'The weather?' },
          { role: 'assistant', text: 'Let me look.(call_0: weather {"city":"Nice"})(call_1: weather {"city":"Rome"})' },
          { role: 'tool', text: '(call_0: sunny)(call_1: rain)' },
          { role: 'user', text: 'And tomorrow?' },
        ],
      },
      warnings: ['reasoning_dropped', 'block_dropped'],
    },
    options_request: {
      path: 'chat',
      body: { model: 'small', stream: true, limit: 1_000, tools, messages: [question] },
    },
  },
}

function refusal(status: number, code: string, message: string): Sample {
  return { status, body: { error: { code, message } } }
}
