import type { ProviderEvent } from '@wayfare/core'
import fc from 'fast-check'
import { expect } from 'vitest'
import { gather } from '../src/testing/gather.ts'

const long = process.env['WAYFARE_LONG'] === '1'
const perStream = 24
/** Enough for a million events. Whole: a part of a run would never come to its end. */
const streams = long ? Math.ceil(1_000_000 / (perStream / 2)) : 100

interface Told {
  readonly events: readonly ProviderEvent[]
  readonly error?: unknown
}

/** Text that is hard on whoever looks for its end; `more`: what is hard in one wire. */
export function hardText(...more: readonly string[]): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(' word', 'a', 'longer than thirteen characters', '') },
    fc.constantFrom('"', '\\', '\\"', '\n', '\0', '\u2028', '\ud83d', '\ude00', 'Hé👋lo', ...more),
    fc.string({ unit: 'binary', maxLength: 30 }),
  )
}

/** For a test that may play a million events. */
export const timeoutMs: number | undefined = long ? 3_600_000 : undefined

/**
 * Whoever reads large reads of events that are alike must tell what it tells of events that are not, each in a read of its
 * own. `stream`: the events of one, as they are written, from those that were drawn.
 */
export async function expectSameSingly<T>(
  event: fc.Arbitrary<T>,
  stream: (drawn: readonly T[]) => readonly string[],
  read: (body: AsyncIterable<Uint8Array>) => AsyncIterable<ProviderEvent | readonly ProviderEvent[]>,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(
      fc.array(event, { minLength: 1, maxLength: perStream }),
      fc.integer({ min: 65, max: 900 }),
      async (drawn, size) => {
        const quick = stream(drawn)
        // White space before the value, never twice the same: no event is like the one before it, and all have to be parsed.
        const slow = quick.map((one, i) =>
          one.replace(/^((?:event: .*\n)?data: )\{/, (_, lead: string) => `${lead}${' '.repeat(1 + (i % 40))}{`),
        )
        const bytes = Buffer.from(quick.join(''))
        const cut = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
          bytes.subarray(i * size, (i + 1) * size),
        )
        expect(await told(read(body(cut)))).toEqual(await told(read(body(slow.map((one) => Buffer.from(one))))))
      },
    ),
    { numRuns: streams },
  )
}

async function told(answer: AsyncIterable<ProviderEvent | readonly ProviderEvent[]>): Promise<Told> {
  const { events, error } = await gather(answer)
  if (error === undefined) return { events }
  const { kind, phase, billed, status, message } = error as Record<string, unknown>
  return { events, error: { kind, phase, billed, status, message } }
}

async function* body(reads: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* reads
}
