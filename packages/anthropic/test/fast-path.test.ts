import fc from 'fast-check'
import { test } from 'vitest'
import { expectSameSingly, hardText, timeoutMs } from '../../provider-kit/test/fast-path.ts'
import { events } from './asking.ts'

type Json = { readonly type: string; readonly [key: string]: unknown }

const said = hardText('"}}', '\n\nevent: x', '"text":"x')
const index = fc.constantFrom(0, 0, 0, 1)
const delta = (at: number, piece: Json): Json => ({ type: 'content_block_delta', index: at, delta: piece })

const wire: fc.Arbitrary<Json> = fc.oneof(
  { weight: 14, arbitrary: fc.tuple(index, said).map(([at, text]) => delta(at, { type: 'text_delta', text })) },
  { weight: 4, arbitrary: fc.tuple(index, said).map(([at, text]) => delta(at, { text, type: 'text_delta' })) },
  fc.tuple(index, said).map(([at, thinking]) => delta(at, { type: 'thinking_delta', thinking })),
  fc.tuple(index, said).map(([at, partial]) => delta(at, { type: 'input_json_delta', partial_json: partial })),
  fc.tuple(index, said).map(([at, text]) => ({ ...delta(at, { type: 'text_delta', text }), extra: text })),
  fc.tuple(index, said).map(([at, signature]) => delta(at, { type: 'signature_delta', signature })),
  index.map((at) => ({ type: 'content_block_stop', index: at })),
  index.map((at) => ({ type: 'content_block_start', index: at, content_block: { type: 'text', text: '' } })),
  index.map((at) => ({ type: 'content_block_start', index: at, content_block: { type: 'thinking', thinking: '' } })),
  fc.constant({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 5 } }),
  fc.constant({ type: 'ping' }),
)
const rare = fc.constantFrom<Json>(
  { type: 'message_stop' },
  { type: 'error', error: { type: 'overloaded_error', message: 'overloaded' } },
)
const opening: readonly Json[] = [
  { type: 'message_start', message: { id: 'msg_1', model: 'm', content: [], usage: { input_tokens: 3 } } },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  delta(0, { type: 'text_delta', text: 'first' }),
]

test(
  'large reads of many deltas say what every delta parsed by itself says (a million with WAYFARE_LONG=1)',
  () =>
    expectSameSingly(
      fc.oneof({ weight: 25, arbitrary: wire }, rare),
      (drawn) => [...opening, ...drawn].map((one) => `event: ${one.type}\ndata: ${JSON.stringify(one)}\n\n`),
      (body) =>
        events(body, {
          provider: 'anthropic',
          model: 'm',
          clock: { date: () => new Date(0) },
          headers: new Map<string, string>(),
          warnings: [],
        }),
    ),
  timeoutMs,
)
