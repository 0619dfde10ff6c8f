import type { ProviderEvent } from '@wayfare/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { events } from './asking.ts'

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
    '"}}',
    '\n',
    '\n\nevent: x',
    '\0',
    '\u2028',
    '\ud83d',
    '\ude00',
    'Hé👋lo',
    '"text":"x',
  ),
  fc.string({ unit: 'binary', maxLength: 30 }),
)
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
          const all = [...opening, ...more]
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
    provider: 'anthropic',
    model: 'm',
    clock: { date: () => new Date(0) },
    headers: new Map<string, string>(),
    warnings: [],
  }
  try {
    for await (const batch of events(body(reads), answering)) seen.push(...batch)
    return { events: seen }
  } catch (error) {
    const { kind, phase, billed, message } = error as Record<string, unknown>
    return { events: seen, error: { kind, phase, billed, message } }
  }
}

async function* body(reads: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* reads
}
