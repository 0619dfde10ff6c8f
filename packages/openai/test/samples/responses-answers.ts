import type { Absent, Sample } from '@wayfare/provider-kit/testing'
import {
  added,
  call,
  callItem,
  created,
  done,
  end,
  message,
  openCall,
  response,
  seven,
  stream,
  textItem,
  thinking,
  writing,
} from './responses-stream.ts'

const hello = message(0, 'Hé👋lo', ', wörld')
const city = '{"city":"Nîmes 👋"}'

/** Answers of the Responses API. */
export const answers: { readonly [scenario: string]: Sample | Absent } = {
  text: { body: stream(created, hello, end()) },
  blocks: { body: stream(created, writing(0), done(0, textItem('Hé👋lo, ', 'wörld')), end()) },
  reasoning: {
    body: stream(created, thinking(0, 'Grüße 👋', ', I think.'), message(1, 'Hé👋lo, wörld'), end()),
    expect: { replayed: ['Grüße 👋, I think.', 'enc-1'] },
  },
  reasoning_silent: {
    body: stream(created, thinking(0), message(1, 'Hé👋lo, wörld'), end()),
    expect: {
      parts: [
        { type: 'reasoning', text: '', providerMetadata: { openai: { item: { encrypted_content: 'enc-1' } } } },
        {},
      ],
    },
  },
  empty_answer: { body: stream(created, end()) },
  served_model: {
    headers: { 'content-type': 'text/event-stream; charset=utf-8', 'x-request-id': 'req_1' },
    body: stream(created, hello, end()),
    expect: { start: { id: 'resp_1', model: 'gpt-served', requestId: 'req_1' } },
  },
  file: {
    body: stream(
      created,
      done(0, { type: 'image_generation_call', id: 'ig_1', status: 'completed', result: 'iVBORw==' }),
      end(),
    ),
    expect: {
      parts: [{ type: 'file', mediaType: 'image/png', data: 'iVBORw==' }],
      sideEffects: ['image_generation_call'],
    },
  },
  vendor_block: {
    body: stream(created, done(0, { type: 'compaction', id: 'cmp_1', encrypted_content: 'opaque' }), end()),
    expect: { parts: [{ type: 'provider', kind: 'compaction', value: { encrypted_content: 'opaque' } }] },
  },
  side_effect: {
    body: stream(
      created,
      added(0, { type: 'web_search_call', id: 'ws_1', status: 'in_progress' }),
      done(0, { type: 'web_search_call', id: 'ws_1', status: 'completed' }),
      message(1, 'Sunny.'),
      end(),
    ),
    expect: { sideEffects: ['web_search_call'], text: 'Sunny.', usage: { webSearches: 1 } },
  },
  json_body: { request: { stream: false }, body: response([textItem('Hé👋lo, wörld')]) },
  tool_call: {
    body: stream(created, call(0, 'call_a', '{"city":', '"Nîmes 👋"}'), end()),
    expect: { toolCalls: [{ id: 'call_a', name: 'weather', rawInput: city }] },
  },
  text_and_tool_call: { body: stream(created, message(0, 'A moment. '), call(1, 'call_a', city), end()) },
  parallel_tool_calls: {
    body: stream(
      created,
      openCall(0, 'call_a', '{"city":"Nîmes'),
      openCall(1, 'call_b', '{"city":"Rome"}'),
      { type: 'response.function_call_arguments.delta', output_index: 0, delta: ' 👋"}' },
      done(0, callItem('call_a', city)),
      done(1, callItem('call_b', '{"city":"Rome"}', 1)),
      end(),
    ),
  },
  tool_call_without_input: { body: stream(created, call(0, 'call_a'), end()) },
  tool_call_unreadable: { body: stream(created, call(0, 'call_a', '{"city":'), end()) },
  tool_call_hostile: { body: stream(created, call(0, 'call_a', '{"__proto__":{"polluted":1}}'), end()) },
  tool_call_without_id: { body: stream(created, call(0, '', city), end()) },
  tool_call_ids_repeated: {
    body: stream(created, call(0, 'call_a', city), call(1, 'call_a', '{"city":"Rome"}'), end()),
  },
  tool_call_named_stop: {
    body: stream(created, call(0, 'call_a', city), end()),
    expect: { rawReason: 'completed' },
  },
  tool_call_cut_by_limit: {
    body: stream(
      created,
      openCall(0, 'call_a', '{"city":"Nîm'),
      end({ incomplete_details: { reason: 'max_output_tokens' } }, 'incomplete'),
    ),
    expect: { warnings: ['tool_call_cut'] },
  },
  usage_early: { absent: 'figures come with the end' },
  usage_late: { absent: 'nothing comes after the end' },
  usage_repeated: { absent: 'figures come once' },
  usage_cached: {
    body: stream(created, hello, end({ usage: { ...seven, input_tokens_details: { cached_tokens: 2 } } })),
  },
  usage_cache_write: {
    body: stream(created, hello, end({ usage: { ...seven, input_tokens_details: { cache_write_tokens: 2 } } })),
  },
  usage_reasoning: {
    body: stream(
      created,
      hello,
      end({
        usage: {
          input_tokens: 7,
          output_tokens: 9,
          total_tokens: 16,
          output_tokens_details: { reasoning_tokens: 6 },
        },
      }),
    ),
  },
  usage_in_json: { request: { stream: false }, body: response([textItem('Hé👋lo')]) },
  usage_missing: { body: stream(created, hello, end({})) },
  usage_odd: { body: stream(created, hello, end({ usage: { input_tokens: -7, output_tokens: 3 } })) },
  reported_cost: { absent: 'the vendor does not say what a call cost' },
  finish_stop_sequence: { absent: 'the API takes no stop sequences' },
  finish_length: {
    body: stream(created, hello, end({ incomplete_details: { reason: 'max_output_tokens' } }, 'incomplete')),
  },
  finish_content_filter: {
    body: stream(created, hello, end({ incomplete_details: { reason: 'content_filter' } }, 'incomplete')),
  },
  finish_refusal: {
    body: stream(
      created,
      added(0, { type: 'message', id: 'msg_1', role: 'assistant', content: [] }),
      { type: 'response.refusal.delta', output_index: 0, content_index: 0, delta: 'I cannot.' },
      done(0, {
        type: 'message',
        id: 'msg_1',
        role: 'assistant',
        content: [{ type: 'refusal', refusal: 'I cannot.' }],
      }),
      end(),
    ),
    expect: { text: 'I cannot.' },
  },
  finish_pause: { absent: 'no turn pauses' },
  finish_unknown: {
    body: stream(created, hello, end({ incomplete_details: { reason: 'never_heard_of' } }, 'incomplete')),
  },
  finish_unnamed: { absent: 'the end is the reason' },
  error_inside_stream: {
    body: stream(
      created,
      hello,
      end({ error: { code: 'server_is_overloaded', message: 'We are overloaded.' } }, 'failed'),
    ),
    expect: { text: 'Hé👋lo, wörld' },
  },
  error_at_once: {
    body: stream({ type: 'error', code: 'rate_limit_exceeded', message: 'Rate limit reached.', param: null }),
    expect: { text: '' },
  },
  error_as_json: { body: { error: { message: 'Failed.', type: 'server_error', code: null } }, expect: { text: '' } },
  prompt_blocked: { absent: 'a blocked prompt is refused with a status' },
  models: {
    body: { object: 'list', data: [{ id: 'gpt-6-mini', object: 'model', owned_by: 'openai' }] },
    expect: { models: [{ id: 'gpt-6-mini' }] },
  },
  health: { body: { object: 'list', data: [] } },
  balance: { absent: 'the vendor tells no balance' },
}
