import type { Absent, Sample } from '@wayfare/provider-kit/testing'
import { call, chunk, end, seven, stream, text } from './stream.ts'

const hello = [text('Hé👋lo'), text(', wörld')] as const
const ended = [...hello, end()] as const

/** Answers of generateContent. */
export const answers: { readonly [scenario: string]: Sample | Absent } = {
  text: { body: stream(...ended) },
  blocks: { absent: 'pieces of text are one text, unless one is signed' },
  reasoning: {
    body: stream(chunk([{ text: 'Grüße 👋, I think.', thought: true, thoughtSignature: 'c2ln' }]), ...ended),
    expect: { replayed: ['Grüße 👋, I think.', 'c2ln'] },
  },
  reasoning_silent: {
    body: stream(...hello, end('STOP', [{ text: '', thoughtSignature: 'c2lsZW50' }])),
    // Here it is the signature of an empty text, at the end.
    expect: {
      parts: [
        { type: 'text', text: 'Hé👋lo, wörld' },
        { type: 'text', text: '', providerMetadata: { google: { thoughtSignature: 'c2lsZW50' } } },
      ],
    },
  },
  empty_answer: { body: stream(end()) },
  served_model: { body: stream(...ended), expect: { start: { id: 'r-1', model: 'gemini-served' } } },
  file: {
    body: stream(chunk([{ inlineData: { mimeType: 'image/png', data: 'iVBORw==' } }]), end()),
    expect: { parts: [{ type: 'file', mediaType: 'image/png', data: 'iVBORw==' }] },
  },
  vendor_block: {
    body: stream(chunk([{ codeExecutionResult: { outcome: 'OUTCOME_OK', output: '4' } }]), end()),
    expect: { parts: [{ type: 'provider', kind: 'codeExecutionResult' }] },
  },
  side_effect: {
    body: stream(chunk([{ executableCode: { language: 'PYTHON', code: 'print(4)' } }]), end()),
    expect: { sideEffects: ['executableCode'] },
  },
  json_body: { request: { stream: false }, body: end('STOP', [{ text: 'Hé👋lo, wörld' }]) },
  tool_call: {
    body: stream(chunk([call('Nîmes 👋', { thoughtSignature: 'Y2FsbA==' })]), end()),
    expect: { toolCalls: [{ name: 'weather', rawInput: '{"city":"Nîmes 👋"}' }], replayed: ['Y2FsbA=='] },
  },
  text_and_tool_call: { body: stream(text('A moment. '), chunk([call('Nîmes 👋')]), end()) },
  parallel_tool_calls: { body: stream(chunk([call('Nîmes 👋'), call('Rome')]), end()) },
  tool_call_without_input: { body: stream(chunk([{ functionCall: { name: 'weather' } }]), end()) },
  tool_call_unreadable: { absent: 'arguments are an object, never text' },
  tool_call_hostile: {
    body: stream(
      chunk([{ functionCall: { name: 'weather', args: JSON.parse('{"__proto__":{"polluted":1}}') } }]),
      end(),
    ),
  },
  tool_call_without_id: { body: stream(chunk([call('Nîmes 👋')]), end()) },
  tool_call_ids_repeated: {
    body: stream(
      chunk([
        { functionCall: { id: 'a', name: 'weather', args: { city: 'Nîmes 👋' } } },
        { functionCall: { id: 'a', name: 'weather', args: { city: 'Rome' } } },
      ]),
      end(),
    ),
  },
  tool_call_named_stop: { body: stream(chunk([call('Nîmes 👋')]), end('STOP')), expect: { rawReason: 'STOP' } },
  tool_call_cut_by_limit: {
    body: stream(
      chunk([{ functionCall: { name: 'weather', willContinue: true } }]),
      chunk([
        {
          functionCall: {
            partialArgs: [{ jsonPath: '$.city', stringValue: 'Nîm', willContinue: true }],
            willContinue: true,
          },
        },
      ]),
      end('MAX_TOKENS'),
    ),
    expect: { warnings: ['incomplete_tool_call'] },
  },
  usage_early: {
    body: stream(chunk([{ text: 'Hé👋lo' }], { usageMetadata: seven }), {
      candidates: [{ finishReason: 'STOP' }],
    }),
  },
  usage_late: { body: stream(...hello, end('STOP', [], {}), { usageMetadata: seven }) },
  usage_repeated: {
    body: stream(
      chunk([{ text: 'Hé👋lo' }], { usageMetadata: { promptTokenCount: 7, candidatesTokenCount: 1 } }),
      chunk([{ text: '.' }], { usageMetadata: { promptTokenCount: 7, candidatesTokenCount: 2 } }),
      end(),
    ),
  },
  usage_cached: { body: stream(...hello, end('STOP', [], { ...seven, cachedContentTokenCount: 2 })) },
  usage_cache_write: { absent: 'writing to the cache is not counted' },
  usage_reasoning: {
    body: stream(
      ...hello,
      end('STOP', [], { promptTokenCount: 7, candidatesTokenCount: 3, thoughtsTokenCount: 6, totalTokenCount: 16 }),
    ),
  },
  usage_in_json: { request: { stream: false }, body: end('STOP', [{ text: 'Hé👋lo' }]) },
  usage_missing: { body: stream(...hello, { candidates: [{ finishReason: 'STOP' }] }) },
  usage_odd: { body: stream(...hello, end('STOP', [], { promptTokenCount: -7, candidatesTokenCount: 3 })) },
  reported_cost: { absent: 'the vendor does not say what a call cost' },
  finish_stop_sequence: { absent: 'a stop sequence is called STOP, like any other end' },
  finish_length: { body: stream(...hello, end('MAX_TOKENS')) },
  finish_content_filter: { body: stream(...hello, end('SAFETY')) },
  finish_refusal: { absent: 'the vendor has no word for a refusal' },
  finish_pause: { absent: 'no turn pauses' },
  finish_unknown: { body: stream(...hello, end('never_heard_of')) },
  finish_unnamed: { absent: 'the reason is the only sign of the end' },
  after_the_end: { absent: 'no event is the last: figures may follow the reason' },
  error_inside_stream: {
    body: stream(...hello, { error: { code: 503, message: 'The model is overloaded.', status: 'UNAVAILABLE' } }),
    expect: { text: 'Hé👋lo, wörld' },
  },
  error_at_once: {
    body: stream({ error: { code: 429, message: 'Quota exceeded.', status: 'RESOURCE_EXHAUSTED' } }),
    expect: { text: '' },
  },
  error_as_json: { body: { error: { code: 500, message: 'Failed.', status: 'INTERNAL' } }, expect: { text: '' } },
  prompt_blocked: {
    body: stream({ promptFeedback: { blockReason: 'PROHIBITED_CONTENT' }, usageMetadata: { promptTokenCount: 7 } }),
    expect: { phase: 'input' },
  },
  models: {
    body: {
      models: [
        {
          name: 'models/gemini-3.5-flash',
          displayName: 'Gemini 3.5 Flash',
          inputTokenLimit: 1_048_576,
          outputTokenLimit: 65_536,
          supportedGenerationMethods: ['generateContent'],
        },
        { name: 'models/embedding-1', supportedGenerationMethods: ['embedContent'] },
      ],
    },
    expect: {
      models: [{ id: 'gemini-3.5-flash', name: 'Gemini 3.5 Flash', contextTokens: 1_048_576, maxOutputTokens: 65_536 }],
    },
  },
  health: { body: { models: [] } },
  balance: { absent: 'the vendor tells no balance' },
}
