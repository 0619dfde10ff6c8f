import { deepEqual, equal, ok } from 'node:assert/strict'
import { LLMError } from '@wayfare/core'
import { fold, isSound, type FoldedAnswer } from './answer.ts'
import { canaryKey, hidesCanaries } from './canary.ts'
import { matches } from './matching.ts'
import type { Expectation, Sample } from './samples.ts'
import type { Script } from './server.ts'
import type { Played, Stage } from './stage.ts'

/**
 * Plays a sample as its bytes may arrive: always the same answer, as expected. `every`: in every slicing, with both line ends.
 * `some`: in slices of 7 and 65,536 bytes with one line end each, and byte by byte where it is short.
 */
export async function replay(
  stage: Stage,
  sample: Sample,
  expected: Expectation = {},
  arrivals: 'every' | 'some' = 'some',
): Promise<FoldedAnswer> {
  const scripts = scriptsOf(stage, sample, arrivals)
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
function scriptsOf(stage: Stage, sample: Sample, arrivals: 'every' | 'some'): readonly Script[] {
  const { body } = sample
  const { body: bytes } = stage.script(sample)
  const ways = arrivals === 'every' ? [...slicings, ...otherLineEnds] : slicings
  // A byte at a time takes as many turns of the event loop.
  const taken = ways.filter(([size]) => size > 1 || arrivals === 'every' || bytes.length <= shortBytes)
  // JSON that is no stream has no lines.
  if (typeof body !== 'string') return taken.map(([size]) => stage.script(sample, { size }))
  const withReturns = Buffer.from(body.replaceAll('\n', '\r\n'))
  return taken.map(([size, lineEnd]) => stage.script(sample, { size, body: lineEnd === '\n' ? bytes : withReturns }))
}

/** Bytes at a time, and what ends a line. */
const slicings: readonly (readonly [number, string])[] = [
  [1, '\r\n'],
  [7, '\n'],
  [65_536, '\r\n'],
]
const otherLineEnds: typeof slicings = [
  [1, '\n'],
  [7, '\r\n'],
  [65_536, '\n'],
]

const shortBytes = 400

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
