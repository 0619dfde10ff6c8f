import { deepEqual, equal, ok } from 'node:assert/strict'
import { LLMError } from '@wayfare/core'
import { fold, isSound, type FoldedAnswer } from './answer.ts'
import { canaryKey, hidesCanaries } from './canary.ts'
import { matches } from './matching.ts'
import type { Expectation, Sample } from './samples.ts'
import type { Script } from './server.ts'
import type { Played, Stage } from './stage.ts'

/**
 * Plays a sample in every slicing and with both line ends: always the same answer, as expected. Slices of one byte take as many
 * turns of the event loop as there are bytes, so that only those samples get them of which there are at most `mostSlices`.
 */
export async function replay(
  stage: Stage,
  sample: Sample,
  expected: Expectation = {},
  mostSlices = 400,
): Promise<FoldedAnswer> {
  const scripts = arrivals(stage, sample, mostSlices)
  const all = await Promise.all(scripts.map((script) => stage.play(script, sample.request)))
  const answers = all.map((played, at) => {
    const what = `in slices of ${scripts[at]?.size} bytes, the answer`
    return sound(stage, played, what, { ...expected, ...sample.expect })
  })
  const [first, ...others] = answers
  ok(first)
  for (const other of others) deepEqual(other, first, 'the answer depends on how its bytes arrive')
  return first
}

/** The answer of one call, which must have gone well. */
export function sound(stage: Stage, played: Played, what: string, expected: Expectation = {}): FoldedAnswer {
  const { events, error, provider } = played
  if (error !== undefined) throw new Error(`${what} failed, and should not have`, { cause: error })
  const answer = fold(events)
  isSound(answer, events, provider.vendor ?? provider.name)
  isAsked(stage, played)
  matches(seen(answer), asExpected(expected), what)
  return answer
}

/** The error of one call, which must have failed, after whatever came before. */
export function broken(stage: Stage, played: Played, what: string, expected: Expectation): LLMError {
  const { events, error, provider } = played
  const before = fold(events)
  equal(before.finish, undefined, `${what} was handed out as a whole answer`)
  ok(error !== undefined, `${what} ended without an error`)
  ok(LLMError.is(error), `${what} threw something that is no LLMError`)
  const { error: kind, retryAfterMs, phase } = expected
  matches(
    { kind: error.kind, retryAfterMs: error.retryAfterMs, phase: error.phase, text: before.text },
    {
      ...(kind !== undefined && { kind }),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
      ...(phase !== undefined && { phase }),
      ...(expected.text !== undefined && { text: expected.text }),
    },
    what,
  )
  // The router says them where the provider does not.
  if (error.provider !== undefined) equal(error.provider, provider.name, `${what} names another provider`)
  if (error.model !== undefined) equal(error.model, stage.wire.model, `${what} names another model`)
  hidesCanaries(error, what)
  return error
}

/** One script for each way in which the bytes may arrive. */
function arrivals(stage: Stage, sample: Sample, mostSlices: number): readonly Script[] {
  const { body } = sample
  // JSON that is no stream has no lines.
  if (typeof body !== 'string') return [1, 7, 65_536].map((size) => stage.script(sample, { size }))
  const bytes = { '\n': Buffer.from(body), '\r\n': Buffer.from(body.replaceAll('\n', '\r\n')) }
  return slicings
    .filter(([size]) => body.length / size <= mostSlices)
    .map(([size, lineEnd]) => stage.script(sample, { size, body: bytes[lineEnd] }))
}

/** Bytes at a time, and what ends a line. */
const slicings = [
  [1, '\r\n'],
  [1, '\n'],
  [7, '\r\n'],
  [7, '\n'],
  [65_536, '\r\n'],
  [65_536, '\n'],
] as const

/** One POST with the question and the model, and the key in no place but a header. */
function isAsked(stage: Stage, { line }: Played): void {
  const [request, ...more] = line.requests
  ok(request, 'nothing was sent')
  equal(more.length, 0, 'more than one request was sent')
  equal(request.method, 'POST')
  ok(!request.path.includes(canaryKey), 'the key stands in the address')
  ok(!JSON.stringify(request.body).includes(canaryKey), 'the key stands in the body')
  ok(JSON.stringify(request.headers).includes(canaryKey), 'the key was not sent')
  const { model } = stage.wire
  ok(`${decodeURIComponent(request.path)} ${JSON.stringify(request.body)}`.includes(model), 'the model is not named')
}

function seen(answer: FoldedAnswer): object {
  const { finish, text, reasoning, parts, toolCalls, usage, reportedUsd, start, warnings, sideEffects } = answer
  return {
    finish: finish?.reason,
    rawReason: finish?.rawReason,
    text,
    reasoning,
    parts,
    toolCalls,
    usage,
    reportedUsd,
    start,
    warnings,
    sideEffects,
  }
}

function asExpected(expected: Expectation): object {
  const {
    error: _,
    retryAfterMs: __,
    phase: ___,
    replayed: ____,
    models: _____,
    balanceUsd: ______,
    ...answer
  } = expected
  const named = Object.entries(answer).filter(([, value]) => value !== undefined)
  return { warnings: [], sideEffects: [], ...Object.fromEntries(named) }
}
