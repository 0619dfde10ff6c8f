import type { ProviderEvent } from '@wayfare/core'
import { decoded, SSEDecoder } from '@wayfare/provider-kit'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ResponseReader } from '../../src/responses/events.ts'

const long = process.env['WAYFARE_LONG'] === '1'
const perStream = 24

type Json = { readonly type: string; readonly [key: string]: unknown }

/** Text that is hard on whoever looks for its end. */
const said = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(' word', 'a', 'longer than thirteen characters', '') },
  fc.constantFrom(
    '"',
    '\\',
    '\\"',
    '"}',
    '\n',
    '\n\nevent: x',
    '\0',
    '\u2028',
    '\ud83d',
    '\ude00',
    'Hé👋lo',
    '"delta":"x',
  ),
  fc.string({ unit: 'binary', maxLength: 30 }),
)
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

interface Told {
  readonly events: readonly ProviderEvent[]
  readonly error?: unknown
}

test(
  'large reads of many deltas say what every delta parsed by itself says (a million with WAYFARE_LONG=1)',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof({ weight: 25, arbitrary: wire }, rare), { minLength: 1, maxLength: perStream }),
        fc.integer({ min: 65, max: 900 }),
        async (more, size) => {
          const all = [{ type: 'response.created', response: { id: 'r', model: 'm' } }, ...more].map((one, i) => ({
            ...one,
            sequence_number: i,
          }))
          const quick = all.map((one) => `event: ${one.type}\ndata: ${JSON.stringify(one)}\n\n`)
          // White space before the value, never twice the same: no event is like the one before it, and all have to be parsed.
          const slow = all.map(
            (one, i) => `event: ${one.type}\ndata: ${' '.repeat(1 + (i % 40))}${JSON.stringify(one)}\n\n`,
          )
          const bytes = Buffer.from(quick.join(''))
          const cut = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
            bytes.subarray(i * size, (i + 1) * size),
          )
          expect(await told(cut)).toEqual(await told(slow.map((one) => Buffer.from(one))))
        },
      ),
      { numRuns: long ? 1_000_000 / (perStream / 2) : 100 },
    )
  },
  long ? 3_600_000 : undefined,
)

async function told(reads: readonly Uint8Array[]): Promise<Told> {
  const seen: ProviderEvent[] = []
  const answering = {
    provider: 'openai',
    model: 'm',
    clock: { date: () => new Date(0) },
    headers: new Map<string, string>(),
    warnings: [],
    seed: 'seed',
  }
  try {
    for await (const batch of decoded(body(reads), new SSEDecoder(new ResponseReader(answering)))) seen.push(...batch)
    return { events: seen }
  } catch (error) {
    const { kind, phase, billed, message } = error as Record<string, unknown>
    return { events: seen, error: { kind, phase, billed, message } }
  }
}

async function* body(reads: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* reads
}
