import type { Absent, Sample } from '@wayfare/provider-kit/testing'
import { call, chatStream, chunk, completion, counted, end, role, seven, unendedStream } from './stream.ts'

const weather = { name: 'weather' } as const
const hello = [role, chunk({ content: 'Hé👋lo' }), chunk({ content: ', wörld' })] as const

/** Answers of chat completions, as most servers of the dialect send them. */
export const answers: { readonly [scenario: string]: Sample | Absent } = {
  text: { body: chatStream(...hello, end(), counted()), expect: { usage: { input: 7, output: 3 } } },
  blocks: { absent: 'a message has one text' },
  reasoning_silent: { absent: 'the API signs no reasoning' },
  empty_answer: { body: chatStream(role, end()) },
  served_model: {
    body: chatStream(...hello, end()),
    expect: { start: { id: 'chatcmpl-1', model: 'served-1' } },
  },
  file: { absent: 'the API sends no files' },
  vendor_block: { absent: 'the API has no blocks of its own' },
  side_effect: { absent: 'no tool runs at the vendor' },
  json_body: {
    request: { stream: false },
    body: completion({ content: 'Hé👋lo, wörld' }, 'stop', { usage: seven }),
  },
  tool_call: {
    body: chatStream(
      role,
      call(0, '', { id: 'call_a', ...weather }),
      call(0, '{"city":'),
      call(0, '"Nîmes 👋"}'),
      end('tool_calls'),
      counted(),
    ),
    expect: { toolCalls: [{ id: 'call_a', name: 'weather', rawInput: '{"city":"Nîmes 👋"}' }] },
  },
  text_and_tool_call: {
    body: chatStream(
      role,
      chunk({ content: 'A moment. ' }),
      call(0, '{"city":"Nîmes 👋"}', { id: 'call_a', ...weather }),
      end('tool_calls'),
    ),
  },
  parallel_tool_calls: {
    body: chatStream(
      call(0, '', { id: 'call_a', ...weather }),
      call(1, '', { id: 'call_b', ...weather }),
      call(0, '{"city":"Nîmes'),
      call(1, '{"city":"Rome"}'),
      call(0, ' 👋"}'),
      end('tool_calls'),
    ),
  },
  tool_call_without_input: { body: chatStream(call(0, '', { id: 'call_a', ...weather }), end('tool_calls')) },
  tool_call_unreadable: { body: chatStream(call(0, '{"city":', { id: 'call_a', ...weather }), end('tool_calls')) },
  tool_call_hostile: {
    body: chatStream(call(0, '{"__proto__":{"polluted":1}}', { id: 'call_a', ...weather }), end('tool_calls')),
  },
  tool_call_without_id: { body: chatStream(call(0, '{"city":"Nîmes 👋"}', weather), end('tool_calls')) },
  tool_call_ids_repeated: {
    body: chatStream(
      call(0, '{"city":"Nîmes 👋"}', { id: 'call_a', ...weather }),
      call(1, '{"city":"Rome"}', { id: 'call_a', ...weather }),
      end('tool_calls'),
    ),
  },
  tool_call_named_stop: { body: chatStream(call(0, '{"city":"Nîmes 👋"}', { id: 'call_a', ...weather }), end('stop')) },
  tool_call_cut_by_limit: {
    body: chatStream(call(0, '{"city":"Nîm', { id: 'call_a', ...weather }), end('length')),
    expect: { warnings: ['tool_call_cut'] },
  },
  usage_early: { body: chatStream(chunk({ role: 'assistant' }, null, { usage: seven }), ...hello, end()) },
  usage_late: { body: chatStream(...hello, end(), counted()) },
  usage_repeated: {
    body: chatStream(
      chunk({ content: 'Hé👋lo' }, null, { usage: { prompt_tokens: 7, completion_tokens: 1, total_tokens: 8 } }),
      chunk({}, 'stop', { usage: seven }),
      counted(),
    ),
  },
  usage_cached: {
    body: chatStream(...hello, end(), counted({ ...seven, prompt_tokens_details: { cached_tokens: 2 } })),
  },
  usage_cache_write: {
    body: chatStream(...hello, end(), counted({ ...seven, prompt_tokens_details: { cache_write_tokens: 2 } })),
  },
  usage_reasoning: {
    body: chatStream(
      ...hello,
      end(),
      counted({
        prompt_tokens: 7,
        completion_tokens: 9,
        total_tokens: 16,
        completion_tokens_details: { reasoning_tokens: 6 },
      }),
    ),
  },
  usage_in_json: { request: { stream: false }, body: completion({ content: 'Hé👋lo' }, 'stop', { usage: seven }) },
  usage_missing: { body: chatStream(...hello, end()) },
  usage_odd: {
    body: chatStream(...hello, end(), counted({ prompt_tokens: -7, completion_tokens: 'three', total_tokens: 10 })),
  },
  finish_stop_sequence: { absent: 'a stop sequence is called stop, like any other end' },
  finish_length: { body: chatStream(...hello, end('length')) },
  finish_content_filter: { body: chatStream(...hello, end('content_filter')) },
  finish_refusal: {
    body: chatStream(role, chunk({ refusal: 'No. ' }), chunk({ refusal: 'Never.' }), end()),
    expect: { text: 'No. Never.' },
  },
  finish_pause: { absent: 'no turn pauses' },
  finish_unknown: { body: chatStream(...hello, end('never_heard_of')) },
  finish_unnamed: { body: chatStream(...hello), expect: { warnings: ['finish_missing'] } },
  error_inside_stream: {
    body: unendedStream(...hello, { error: { message: 'Overloaded.', type: 'service', code: 'server_is_overloaded' } }),
    expect: { text: 'Hé👋lo, wörld' },
  },
  error_at_once: {
    body: unendedStream({ error: { message: 'Rate limit reached.', type: 'requests', code: 429 } }),
    expect: { text: '' },
  },
  error_as_json: { body: { error: { message: 'Upstream failed.', code: 502 } }, expect: { text: '' } },
  prompt_blocked: { absent: 'a blocked prompt is refused with a status' },
  models: {
    body: { object: 'list', data: [{ id: 'small', object: 'model', owned_by: 'acme' }, { id: 'large' }] },
    expect: { models: [{ id: 'small' }, { id: 'large' }] },
  },
  health: { body: { object: 'list', data: [] } },
  reported_cost: { absent: 'the dialect has no place for costs' },
  balance: { absent: 'the dialect tells no balance' },
}
