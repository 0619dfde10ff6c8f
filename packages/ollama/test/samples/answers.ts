import type { Absent, Sample } from '@wayfare/provider-kit/testing'

/** Lines as the body of a stream. */
function lines(...all: readonly object[]): string {
  return all.map((line) => `${JSON.stringify({ model: 'served:8b', ...line })}\n`).join('')
}

function say(content: string, more: object = {}): object {
  return { message: { role: 'assistant', content, ...more }, done: false }
}

function call(city: string, id?: string): object {
  return { ...(id !== undefined && { id }), function: { index: 0, name: 'weather', arguments: { city } } }
}

function end(done_reason: string = 'stop', more: object = counts): object {
  return { message: { role: 'assistant', content: '' }, done: true, done_reason, ...more }
}

const counts = { prompt_eval_count: 7, eval_count: 3 }
const hello = [say('Hé👋lo'), say(', wörld')] as const

/** Answers of /api/chat. */
export const answers: { readonly [scenario: string]: Sample | Absent } = {
  text: { body: lines(...hello, end()) },
  blocks: { absent: 'a message has one text' },
  reasoning: {
    body: lines(say('', { thinking: 'Grüße 👋' }), say('', { thinking: ', I think.' }), ...hello, end()),
    expect: { replayed: ['Grüße 👋, I think.'] },
  },
  reasoning_silent: { absent: 'reasoning is text, and nothing signs it' },
  empty_answer: { body: lines(end()) },
  served_model: { body: lines(...hello, end()), expect: { start: { model: 'served:8b' } } },
  file: { absent: 'the models make no files' },
  vendor_block: { absent: 'the API has no blocks of its own' },
  side_effect: { absent: 'no tool runs on the server' },
  json_body: {
    request: { stream: false },
    body: {
      model: 'served:8b',
      message: { role: 'assistant', content: 'Hé👋lo, wörld' },
      done: true,
      done_reason: 'stop',
    },
  },
  tool_call: {
    body: lines(say('', { tool_calls: [call('Nîmes 👋')] }), end()),
    expect: { toolCalls: [{ name: 'weather', rawInput: '{"city":"Nîmes 👋"}' }] },
  },
  text_and_tool_call: { body: lines(say('A moment. '), say('', { tool_calls: [call('Nîmes 👋')] }), end()) },
  parallel_tool_calls: { body: lines(say('', { tool_calls: [call('Nîmes 👋'), call('Rome')] }), end()) },
  tool_call_without_input: { body: lines(say('', { tool_calls: [{ function: { name: 'weather' } }] }), end()) },
  tool_call_unreadable: {
    body: lines(say('', { tool_calls: [{ function: { name: 'weather', arguments: '{"city":' } }] }), end()),
  },
  tool_call_hostile: {
    body: lines(
      say('', {
        tool_calls: [
          { function: { name: 'weather', arguments: JSON.parse('{"__proto__":{"polluted":1}}') as object } },
        ],
      }),
      end(),
    ),
  },
  tool_call_without_id: { body: lines(say('', { tool_calls: [call('Nîmes 👋')] }), end()) },
  tool_call_ids_repeated: {
    body: lines(say('', { tool_calls: [call('Nîmes 👋', 'a'), call('Rome', 'a')] }), end()),
  },
  // The call may also come with the last line.
  tool_call_named_stop: {
    body: lines({ message: { content: '', tool_calls: [call('Nîmes 👋')] }, done: true, done_reason: 'stop' }),
    expect: { rawReason: 'stop' },
  },
  tool_call_cut_by_limit: { absent: 'a call comes whole or not at all' },
  usage_early: { absent: 'figures come with the last line' },
  usage_late: { absent: 'nothing comes after the last line' },
  usage_repeated: {
    body: lines({ ...say('Hé👋lo'), prompt_eval_count: 7, eval_count: 1 }, end()),
  },
  usage_cached: { absent: 'the cache is not counted' },
  usage_cache_write: { absent: 'the cache is not counted' },
  usage_reasoning: { absent: 'reasoning is not counted apart' },
  usage_in_json: {
    request: { stream: false },
    body: { message: { content: 'Hé👋lo' }, done: true, done_reason: 'stop', ...counts },
  },
  usage_missing: { body: lines(...hello, end('stop', {})) },
  usage_odd: { body: lines(...hello, end('stop', { prompt_eval_count: -7, eval_count: 3 })) },
  reported_cost: { absent: 'the server does not say what a call cost' },
  finish_stop_sequence: { absent: 'a stop sequence is called stop, like any other end' },
  finish_length: { body: lines(...hello, end('length')) },
  finish_content_filter: { absent: 'nothing is filtered' },
  finish_refusal: { absent: 'a refusal is text like any other' },
  finish_pause: { absent: 'no turn pauses' },
  finish_unknown: { body: lines(...hello, end('never_heard_of')) },
  finish_unnamed: {
    body: lines(...hello, { message: { content: '' }, done: true }),
    expect: { warnings: ['no_finish_reason'] },
  },
  error_inside_stream: {
    body: lines(...hello) + '{"error":"server busy, please try again. maximum pending requests exceeded"}\n',
    expect: { text: 'Hé👋lo, wörld' },
  },
  error_at_once: { body: '{"error":"model \'small\' not found"}\n', expect: { text: '', error: 'model_not_found' } },
  error_as_json: { body: { error: 'an error was encountered while running the model' }, expect: { text: '' } },
  prompt_blocked: { absent: 'nothing is filtered' },
  models: {
    body: {
      models: [
        {
          name: 'qwen3:8b',
          model: 'qwen3:8b',
          details: { family: 'qwen3', context_length: 40_960 },
          capabilities: ['completion', 'tools', 'thinking'],
        },
      ],
    },
    expect: { models: [{ id: 'qwen3:8b', inputPerMTok: 0, contextTokens: 40_960, supportsTools: true }] },
  },
  health: { body: { version: '0.12.0' } },
  balance: { absent: 'there is no account' },
}
