import type { WireSamples } from '@wayfare/provider-kit/testing'

/** Events as the body of a stream. */
function stream(...events: readonly object[]): string {
  return events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')
}

const hello = [{ id: 'a1', model: 'small-1', text: 'Hé👋lo' }, { text: ', wörld' }] as const
const usage = { input: 7, output: 3 }

/**
 * What the vendor sends, by the scenario that plays it. What has no sample is skipped: with `{ absent: 'why' }` it says why.
 * `pnpm record acme-vendor` shows what the vendor really sends, with a key of yours.
 */
export const samples: WireSamples = {
  name: 'acme-vendor',
  model: 'small',
  stream: 'sse',
  terminator: /"finish":"\w+"/,
  answers: {
    text: { body: stream(...hello, { usage, finish: 'stop' }), expect: { usage: { input: 7, output: 3 } } },
    empty_answer: { body: stream({ id: 'a1', finish: 'stop' }) },
    served_model: { body: stream(...hello, { finish: 'stop' }), expect: { start: { id: 'a1', model: 'small-1' } } },
    json_body: { request: { stream: false }, body: { text: 'Hé👋lo, wörld', finish: 'stop' } },
    usage_early: { body: stream({ usage }, ...hello, { finish: 'stop' }) },
    usage_repeated: { body: stream({ usage: { input: 7, output: 1 } }, ...hello, { usage, finish: 'stop' }) },
    usage_missing: { body: stream(...hello, { finish: 'stop' }) },
    usage_in_json: { request: { stream: false }, body: { text: 'Hé👋lo', usage, finish: 'stop' } },
    finish_length: { body: stream(...hello, { finish: 'length' }) },
    finish_content_filter: { body: stream(...hello, { finish: 'filtered' }) },
    finish_unknown: { body: stream(...hello, { finish: 'never_heard_of' }) },
    error_inside_stream: {
      body: stream(...hello, { error: { code: 'overloaded', message: 'Busy.' } }),
      expect: { text: 'Hé👋lo, wörld' },
    },
    error_as_json: { body: { error: { code: 500, message: 'Failed.' } }, expect: { text: '' } },
    billing: { status: 403, body: { error: { code: 'no_credit', message: 'No credit is left.' } } },
    models: { body: { models: [{ id: 'small' }, { id: 7 }] }, expect: { models: [{ id: 'small' }] } },
    health: { body: { models: [] } },
    reasoning: { absent: 'not written yet' },
    tool_call: { absent: 'not written yet' },
  },
  requests: {
    canonical_request: { absent: 'tools and files are not written yet' },
    foreign_history: { absent: 'tools are not written yet' },
    options_request: { absent: 'tools are not written yet' },
    output_request: { absent: 'not written yet' },
  },
}
