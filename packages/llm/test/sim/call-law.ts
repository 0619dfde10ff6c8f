import { inspect } from 'node:util'
import { LLMError } from '@wayfare/core'
import type { Attempt } from '@wayfare/core'
import type { Handled } from './budget.ts'
import { own } from './consumer.ts'
import type { Consumed } from './consumer.ts'
import type { Sent } from './provider.ts'
import type { CallSpec } from './scene.ts'

/** Everything that is known of one call once it has ended. */
export interface Trace {
  readonly consumed: Consumed
  /** In the order in which they were sent, or reserved. */
  readonly sent: readonly Sent[]
  readonly handled: readonly (readonly [id: string, Handled])[]
  /** How much later than its time anything may happen: blocked loops, slow stores. */
  readonly slackMs: number
}

/** What a provider may take to let go, and a timer that was late. */
const leaveMs = 1_300

export function* callLaw(trace: Trace): Generator<string> {
  yield* trace.consumed.law.violations
  if (trace.consumed.listeners !== 0) yield `leaks: ${trace.consumed.listeners} listeners on the signal of the call`
  yield* errorLaw(trace)
  yield* textLaw(trace)
  yield* continuationLaw(trace)
  yield* billLaw(trace)
  yield* triesLaw(trace)
  yield* timeLaw(trace)
}

function* errorLaw({ consumed }: Trace): Generator<string> {
  const { error, failure, response, ended, spec } = consumed
  if (error !== undefined && error !== own && !LLMError.is(error)) yield `errors: the reader caught ${inspect(error)}`
  if (failure !== undefined && failure !== own && !LLMError.is(failure))
    yield `errors: response() rejected with ${inspect(failure)}`
  if (LLMError.is(failure) && failure.kind === 'config') yield `errors: ${failure.message} ${inspect(failure.cause)}`
  if ((response === undefined) === (failure === undefined) && failure !== own)
    yield 'errors: the call has both an answer and an error, or neither'
  if (ended && response === undefined) yield 'events: the reader came to the end of a call that has no answer'
  if (ended && spec.reader !== 'text' && !consumed.law.finished) yield 'events: the end came without a finish'
}

function* textLaw({ consumed, sent }: Trace): Generator<string> {
  const { law, response, ended, spec } = consumed
  const wholes = sent.map(({ continued, text }) => continued + text)
  for (const segment of law.segments) {
    if (segment !== '' && !wholes.some((whole) => whole.startsWith(segment)))
      yield `text: the reader saw ${JSON.stringify(segment)}, which no attempt sent`
  }
  if (response === undefined) return
  const last = response.attempts.at(-1)
  const answered = sent.find(({ request }) => request.attemptId === last?.id)
  if (answered === undefined) {
    yield 'text: the attempt that answered was never sent'
    return
  }
  if (!answered.finished) yield `text: #${answered.number} answered and did not finish`
  if (response.text !== answered.continued + answered.text)
    yield `text: the answer is ${JSON.stringify(response.text)}, and #${answered.number} sent ${JSON.stringify(answered.continued + answered.text)}`
  const shown = law.segments.at(-1)
  if (ended && spec.reader !== 'response' && shown !== response.text)
    yield `text: the reader holds ${JSON.stringify(shown)}, and the answer is ${JSON.stringify(response.text)}`
  const calls = response.toolCalls.map(({ id }) => id)
  // Those that the end cut short are left out.
  const lost = response.finishReason === 'length' ? answered.tools : 0
  if (calls.length > answered.tools || calls.length < answered.tools - lost)
    yield `tools: ${calls.length} calls, and #${answered.number} sent ${answered.tools}`
  if (new Set(calls).size !== calls.length) yield 'tools: a call occurs twice'
  if (ended && law.finished && law.tools.join() !== calls.join())
    yield `tools: ${law.tools.join()} was handed out, and the answer holds ${calls.join()}`
}

/** Only words that a reader may keep are gone on from, and only where the vendor can. */
function* continuationLaw({ consumed, sent }: Trace): Generator<string> {
  for (const [index, { number, continued, provider, at }] of sent.entries()) {
    const earlier = sent.slice(0, index)
    const ran = earlier.find(({ sideEffectAt }) => sideEffectAt < at)
    if (ran !== undefined) yield `replay: #${number} follows #${ran.number}, which ran a tool at the vendor's`
    if (continued === '') continue
    if (!provider.prefill) yield `text: #${number} was to continue, which ${provider.name} cannot`
    if (consumed.spec.options.onInterrupt !== 'continue') yield `text: #${number} continues and was not told to`
    const before = earlier.findLast((other) => continues(continued, other))
    if (before === undefined)
      yield `text: #${number} continues ${JSON.stringify(continued)}, which is not what came before`
    else if (before.tools > 0) yield `text: #${number} continues an answer with tool calls`
  }
}

function continues(continued: string, { continued: earlier, text }: Sent): boolean {
  return continued.startsWith(earlier) && (earlier + text).startsWith(continued)
}

function* billLaw({ consumed, sent, handled }: Trace): Generator<string> {
  const dispatched = handled.filter(([, { dispatched: was }]) => was)
  for (const { number, request } of sent) {
    if (!dispatched.some(([id]) => id === request.attemptId)) yield `budget: #${number} was sent and not dispatched`
  }
  const { response, failure } = consumed
  if (failure === own) return
  const lines: readonly Attempt[] = response?.attempts ?? (LLMError.is(failure) ? failure.attempts : [])
  // Of two that ran side by side, the one that answered comes last.
  const listed = lines.map(({ id }) => id).toSorted()
  const sentOut = dispatched.map(([id]) => id).toSorted()
  if (listed.join() !== sentOut.join()) yield `bill: it lists ${listed.join()}, and dispatched were ${sentOut.join()}`
  let nano = 0
  for (const line of lines) {
    nano += Math.round((line.costUsd ?? 0) * 1e9)
    const settled = dispatched.find(([id]) => id === line.id)?.[1].settlement
    if (settled?.costUsd !== line.costUsd)
      yield `bill: ${line.id} costs ${line.costUsd} and was settled as ${settled?.costUsd}`
  }
  const known = lines.every(({ costUsd }) => costUsd !== undefined)
  const total = response === undefined ? (failure as LLMError | undefined)?.costUsd : response.costUsd
  if (known ? Math.round((total ?? 0) * 1e9) !== nano : total !== undefined)
    yield `bill: the lines come to ${known ? nano : 'nobody knows what'}, and the total is ${total} USD`
  const answers = lines.filter(({ outcome }) => outcome === 'ok').length
  const invalid = LLMError.is(failure) && failure.kind === 'invalid_output'
  if (response !== undefined || invalid ? answers !== 1 || lines.at(-1)?.outcome !== 'ok' : answers > 1)
    yield `bill: ${answers} attempts answered`
}

function* triesLaw({ consumed, sent }: Trace): Generator<string> {
  const waits = (consumed.spec.options.fallbacks ?? []).flatMap((rule) =>
    typeof rule === 'object' && rule.action === 'wait_and_retry' ? [rule.maxRetries ?? 2] : [],
  )
  // One that was outrun may have its turn again.
  const hedged = consumed.spec.options.hedge === undefined ? 0 : 1
  const most = 1 + Math.max(2, ...waits) + hedged
  const tries = new Map<string, number>()
  for (const [index, { number, request, provider }] of sent.entries()) {
    const key = `${provider.name}/${request.model}`
    const before = tries.get(key) ?? 0
    tries.set(key, before + 1)
    // After six in all a target has its first turn only, unless a rule says how often.
    if (waits.length === 0 && before > 0 && index >= 6 + hedged) yield `tries: #${number} is the ${index + 1}. in all`
  }
  for (const [key, count] of tries) if (count > most) yield `tries: ${count} of ${key}, and ${most} are allowed`
}

function* timeLaw({ consumed, sent, handled, slackMs }: Trace): Generator<string> {
  const { spec, from, to, pausedMs } = consumed
  const { totalMs, attemptMs, progressMs } = timersOf(spec)
  const late = pausedMs + slackMs
  if (spec.reader !== 'nobody' && to - from > totalMs + late + leaveMs)
    yield `time: the call took ${to - from} ms, and had ${totalMs}`
  for (const { number, at, closedAt, longestWaitMs, waitedMs, provider, request } of sent) {
    if (at - from > totalMs + (spec.comesAfterMs ?? 0) + slackMs)
      yield `time: #${number} was sent ${at - from} ms after the start, and the call had ${totalMs}`
    const settled = handled.find(([id]) => id === request.attemptId)?.[1]
    if (settled?.settlement === undefined || provider.deaf) continue
    if (closedAt - at > Math.min(attemptMs, totalMs) + late + leaveMs)
      yield `time: #${number} was open for ${closedAt - at} ms, and had ${Math.min(attemptMs, totalMs)}`
    if (longestWaitMs > progressMs + slackMs + leaveMs)
      yield `time: #${number} brought nothing for ${longestWaitMs} ms, and had ${progressMs}`
    const line = consumed.response?.attempts ?? (LLMError.is(consumed.failure) ? consumed.failure.attempts : [])
    const failed = line.find(({ id }) => id === request.attemptId)
    const impatience =
      failed !== undefined && failed.outcome !== 'ok' && /^no .*content came within (\d+) ms$/.exec(failed.message)
    if (impatience && waitedMs + slackMs + 1 < Number(impatience[1]))
      yield `time: #${number} was given up after ${waitedMs} ms of waiting: ${failed.message}`
  }
}

function timersOf({ options: { timeout, stream } }: CallSpec): {
  readonly totalMs: number
  readonly attemptMs: number
  readonly progressMs: number
} {
  const given = typeof timeout === 'object' ? timeout : { totalMs: timeout }
  const { totalMs, attemptMs = Infinity, progressMs } = given
  const whole = stream === false
  return {
    totalMs: totalMs ?? (whole ? 600_000 : 1_800_000),
    attemptMs,
    progressMs: progressMs ?? (whole ? Infinity : 300_000),
  }
}
