import type { Absent, Sample } from '@wayfare/provider-kit/testing'
import { call, end, message, open, openCall, piece, start, stop, stream, text, thinking } from './stream.ts'

const hello = text(0, 'Hé👋lo', ', wörld')
const ping = { type: 'ping' }

/** Answers of the Messages API. */
export const answers: { readonly [scenario: string]: Sample | Absent } = {
  text: { body: stream(start(), ping, hello, end()) },
  blocks: { body: stream(start(), text(0, 'Hé👋lo, '), text(1, 'wörld'), end()) },
  reasoning: {
    body: stream(start(), thinking(0, ['Grüße 👋', ', I think.'], 'sig-0'), text(1, 'Hé👋lo, wörld'), end()),
    expect: { replayed: ['Grüße 👋, I think.', 'sig-0'] },
  },
  reasoning_silent: {
    body: stream(start(), thinking(0, [], 'sig-silent'), text(1, 'Hé👋lo, wörld'), end()),
    expect: {
      parts: [{ type: 'reasoning', text: '', providerMetadata: { anthropic: { signature: 'sig-silent' } } }, {}],
    },
  },
  empty_answer: { body: stream(start(), end()) },
  served_model: {
    headers: { 'content-type': 'text/event-stream; charset=utf-8', 'request-id': 'req_1' },
    body: stream(start(), hello, end()),
    expect: { start: { id: 'msg_1', model: 'claude-served', requestId: 'req_1' } },
  },
  file: { absent: 'the models make no files' },
  vendor_block: {
    body: stream(start(), open(0, { type: 'redacted_thinking', data: 'opaque' }), stop(0), text(1, 'Yes.'), end()),
    expect: { parts: [{ type: 'provider', kind: 'redacted_thinking', value: { data: 'opaque' } }, { text: 'Yes.' }] },
  },
  side_effect: {
    body: stream(
      start(),
      open(0, { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} }),
      piece(0, 'input_json_delta', 'partial_json', '{"query":"weather"}'),
      stop(0),
      open(1, { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [] }),
      stop(1),
      text(2, 'Sunny.'),
      end(),
    ),
    expect: { sideEffects: ['web_search'], text: 'Sunny.' },
  },
  json_body: { request: { stream: false }, body: message([{ type: 'text', text: 'Hé👋lo, wörld' }]) },
  tool_call: {
    body: stream(start(), call(0, 'toolu_a', '', '{"city":', '"Nîmes 👋"}'), end('tool_use')),
    expect: { toolCalls: [{ id: 'toolu_a', name: 'weather', rawInput: '{"city":"Nîmes 👋"}' }] },
  },
  text_and_tool_call: {
    body: stream(start(), text(0, 'A moment. '), call(1, 'toolu_a', '{"city":"Nîmes 👋"}'), end('tool_use')),
  },
  parallel_tool_calls: {
    // Blocks may overlap.
    body: stream(
      start(),
      openCall(0, 'toolu_a', '{"city":"Nîmes'),
      openCall(1, 'toolu_b', '{"city":"Rome"}'),
      piece(0, 'input_json_delta', 'partial_json', ' 👋"}'),
      stop(0),
      stop(1),
      end('tool_use'),
    ),
  },
  tool_call_without_input: { body: stream(start(), call(0, 'toolu_a', ''), end('tool_use')) },
  tool_call_unreadable: { body: stream(start(), call(0, 'toolu_a', '{"city":'), end('tool_use')) },
  tool_call_hostile: { body: stream(start(), call(0, 'toolu_a', '{"__proto__":{"polluted":1}}'), end('tool_use')) },
  tool_call_without_id: { body: stream(start(), call(0, undefined, '{"city":"Nîmes 👋"}'), end('tool_use')) },
  tool_call_ids_repeated: {
    body: stream(
      start(),
      call(0, 'toolu_a', '{"city":"Nîmes 👋"}'),
      call(1, 'toolu_a', '{"city":"Rome"}'),
      end('tool_use'),
    ),
  },
  tool_call_named_stop: { body: stream(start(), call(0, 'toolu_a', '{"city":"Nîmes 👋"}'), end('end_turn')) },
  tool_call_cut_by_limit: {
    body: stream(start(), call(0, 'toolu_a', '{"city":"Nîm'), end('max_tokens')),
    expect: { warnings: ['incomplete_tool_call'] },
  },
  usage_early: { body: stream(start({ input_tokens: 7, output_tokens: 3 }), hello, end('end_turn', {})) },
  usage_late: { absent: 'figures come with the reason, never after it' },
  usage_repeated: {
    body: stream(
      start({ input_tokens: 4, output_tokens: 1 }),
      hello,
      { type: 'message_delta', delta: {}, usage: { output_tokens: 2 } },
      end('end_turn', { input_tokens: 7, output_tokens: 3 }),
    ),
  },
  usage_cached: {
    body: stream(start({ input_tokens: 5, cache_read_input_tokens: 2, output_tokens: 1 }), hello, end()),
  },
  usage_cache_write: {
    body: stream(
      start({
        input_tokens: 5,
        cache_creation_input_tokens: 6,
        cache_creation: { ephemeral_5m_input_tokens: 2, ephemeral_1h_input_tokens: 4 },
        output_tokens: 1,
      }),
      hello,
      end(),
    ),
    expect: { usage: { input: 5, cacheWrite: 2, cacheWrite1h: 4, output: 3 } },
  },
  usage_reasoning: {
    body: stream(start(), hello, end('end_turn', { output_tokens: 9, output_tokens_details: { thinking_tokens: 6 } })),
  },
  usage_in_json: { request: { stream: false }, body: message([{ type: 'text', text: 'Hé👋lo' }]) },
  usage_missing: {
    body: stream({ type: 'message_start', message: { id: 'msg_1' } }, hello, end('end_turn', {})),
  },
  usage_odd: { body: stream(start({ input_tokens: -7, output_tokens: 1 }), hello, end()) },
  reported_cost: { absent: 'the vendor does not say what a call cost' },
  finish_stop_sequence: {
    body: stream(start(), hello, end('stop_sequence')),
    expect: { rawReason: 'stop_sequence' },
  },
  finish_length: { body: stream(start(), hello, end('model_context_window_exceeded')) },
  finish_content_filter: { absent: 'an answer is refused or whole' },
  finish_refusal: { body: stream(start(), text(0, 'I cannot.'), end('refusal')), expect: { text: 'I cannot.' } },
  finish_pause: { body: stream(start(), hello, end('pause_turn')) },
  finish_unknown: { body: stream(start(), hello, end('never_heard_of')) },
  finish_unnamed: { body: stream(start(), hello, end(null)), expect: { warnings: ['no_finish_reason'] } },
  error_inside_stream: {
    body: stream(start(), hello, { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }),
    expect: { text: 'Hé👋lo, wörld' },
  },
  error_at_once: {
    body: stream({ type: 'error', error: { type: 'rate_limit_error', message: 'Slow down.' } }),
    expect: { text: '' },
  },
  error_as_json: { body: { type: 'error', error: { type: 'api_error', message: 'Failed.' } }, expect: { text: '' } },
  prompt_blocked: { absent: 'a blocked prompt is refused with a status' },
  models: {
    body: {
      data: [
        {
          type: 'model',
          id: 'claude-sonnet-5',
          display_name: 'Claude Sonnet 5',
          max_input_tokens: 1_000_000,
          max_tokens: 128_000,
          capabilities: { image_input: { supported: true }, pdf_input: { supported: true } },
        },
      ],
      has_more: false,
      first_id: 'claude-sonnet-5',
      last_id: 'claude-sonnet-5',
    },
    expect: {
      models: [
        {
          id: 'claude-sonnet-5',
          name: 'Claude Sonnet 5',
          contextTokens: 1_000_000,
          maxOutputTokens: 128_000,
          input: ['text', 'image', 'pdf'],
        },
      ],
    },
  },
  health: { body: { data: [], has_more: false } },
  balance: { absent: 'the vendor tells no balance' },
}
