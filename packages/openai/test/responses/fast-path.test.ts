import { decoded, SSEDecoder } from '@wayfare/provider-kit'
import fc from 'fast-check'
import { test } from 'vitest'
import { expectSameSingly, hardText, timeoutMs } from '../../../provider-kit/test/fast-path.ts'
import { ResponseReader } from '../../src/responses/events.ts'

type Json = { readonly type: string; readonly [key: string]: unknown }

const said = hardText('"}', '\n\nevent: x', '"delta":"x')
const index = fc.constantFrom(0, 0, 0, 1)
const padding = fc.string({ unit: fc.constantFrom('a', 'Z', '9', '_'), maxLength: 12 })
const text = (at: number, delta: string, more: object = {}): Json => ({
  type: 'response.output_text.delta',
  item_id: `m${at}`,
  output_index: at,
  content_index: 0,
  delta,
  ...more,
})

const wire: fc.Arbitrary<Json> = fc.oneof(
  {
    weight: 14,
    arbitrary: fc
      .tuple(index, said, padding)
      .map(([at, delta, obfuscation]) => text(at, delta, { logprobs: [], obfuscation })),
  },
  { weight: 4, arbitrary: fc.tuple(index, said).map(([at, delta]) => text(at, delta)) },
  fc.tuple(index, said).map(([at, delta]) => ({ delta, ...text(at, delta) })),
  fc.tuple(index, said).map(([at, delta]) => text(at, delta, { extra: delta })),
  fc.tuple(index, said).map(([at, delta]) => ({ ...text(at, delta), type: 'response.refusal.delta' })),
  fc.tuple(index, said).map(([at, delta]) => ({
    type: 'response.reasoning_summary_text.delta',
    output_index: at,
    summary_index: 0,
    delta,
  })),
  fc.tuple(index, said).map(([at, delta]) => ({
    type: 'response.function_call_arguments.delta',
    output_index: at,
    delta,
  })),
  fc.constant({ type: 'response.in_progress', response: {} }),
)
const rare = fc.constantFrom<Json>(
  { type: 'response.completed', response: { id: 'r', status: 'completed', output: [] } },
  { type: 'response.incomplete', response: { id: 'r', status: 'incomplete', output: [] } },
  { type: 'error', code: 'server_error', message: 'overloaded' },
)

const opening: Json = { type: 'response.created', response: { id: 'r', model: 'm' } }

test(
  'large reads of many deltas say what every delta parsed by itself says (a million with WAYFARE_LONG=1)',
  () =>
    expectSameSingly(
      fc.oneof({ weight: 25, arbitrary: wire }, rare),
      (drawn) =>
        [opening, ...drawn].map(
          (one, i) => `event: ${one.type}\ndata: ${JSON.stringify({ ...one, sequence_number: i })}\n\n`,
        ),
      (body) =>
        decoded(
          body,
          new SSEDecoder(
            new ResponseReader({
              provider: 'openai',
              model: 'm',
              clock: { date: () => new Date(0) },
              headers: new Map<string, string>(),
              warnings: [],
              seed: 'seed',
            }),
          ),
        ),
    ),
  timeoutMs,
)
