import type { Warning } from './contract/call.ts'
import type { ChatEvent } from './contract/response.ts'
import { prepend } from './answer.ts'
import { AttemptRun } from './attempt.ts'
import type { Engine } from './engine.ts'
import type { LLMErrorKind } from './error.ts'
import type { ResolvedCall } from './resolve.ts'
import type { Ticket } from './ticket.ts'
import type { Trail } from './trail.ts'

/** An attempt on its way. */
export interface Lane {
  readonly ticket: Ticket
  /** Its place among the attempts of the call, from 1. */
  readonly number: number
  readonly attempt: AttemptRun
  /** What is told before anything is sent. */
  readonly opening: readonly ChatEvent[]
  /** Retry quota taken on its target. */
  readonly taken: number
}

export function launch(
  engine: Engine,
  resolved: ResolvedCall,
  trail: Trail,
  ticket: Ticket,
  raised: readonly ChatEvent[],
  taken: number,
): Lane {
  const number = ++trail.attempts
  const start: ChatEvent = { type: 'attempt_start', attempt: number, target: ticket.target }
  const opening: ChatEvent[] = trail.voided === undefined ? [start] : [{ type: 'reset', attempt: trail.voided }, start]
  if (raised.length > 0) opening.unshift(...raised)
  trail.voided = undefined
  const attempt = new AttemptRun(engine, ticket, trail.alarm, resolved)
  const reduced = reductionOf(resolved, ticket)
  if (reduced !== undefined) attempt.fold.warnings.push(reduced)
  return { ticket, number, attempt, opening, taken }
}

/** The caller's own limit of output is kept, or it is told that money was short of it. */
function reductionOf({ call }: ResolvedCall, { request }: Ticket): Warning | undefined {
  const { maxOutputTokens: asked } = call
  const { maxOutputTokens: granted } = request
  if (asked === undefined || granted === undefined || granted >= asked) return undefined
  const message = `maxOutputTokens was lowered from ${asked} to ${granted}: a spending limit has no room for more`
  return { code: 'max_output_tokens_reduced', message }
}

/** What remains of an attempt whose events were read. */
export function arrive(engine: Engine, resolved: ResolvedCall, trail: Trail, lane: Lane): void {
  record(engine, resolved, trail, lane)
  const { error, fold } = lane.attempt
  if (error !== undefined && fold.shown) trail.keepPartial(prepend(trail.continued, fold.parts()))
}

/** What happens to connections while their process is suspended. */
const ofConnection: ReadonlySet<LLMErrorKind> = new Set<LLMErrorKind>(['network', 'timeout', 'stream_truncated'])

/** Writes the bill of an attempt that has ended, and tells those who remember how targets fare. */
export function record(engine: Engine, resolved: ResolvedCall, trail: Trail, lane: Lane): void {
  const { ticket, attempt, taken } = lane
  const { target, guard } = ticket
  const { error, line } = attempt
  trail.guard.dismiss(guard)
  if (line !== undefined) trail.lines.push(line)
  if (resolved.group.length > 1) remember(engine, resolved, lane)
  attempt.stopAnswering()
  if (error === undefined) {
    engine.breakers.succeed(target)
    engine.quota.succeed(target.provider, taken)
  } else if (attempt.excused && ofConnection.has(error.kind)) engine.breakers.release(target)
  else engine.breakers.fail(target, error)
}

/** For the order of the calls that follow. */
function remember(engine: Engine, { call, group }: ResolvedCall, { ticket, attempt }: Lane): void {
  const { target } = ticket
  const { error, line } = attempt
  if (call.order === 'fastest' && line !== undefined) {
    if (line.firstOutputMs !== undefined) engine.latency.took(target, line.firstOutputMs)
    else if (error?.kind === 'timeout' || error?.code === outrun) engine.latency.tookMoreThan(target, line.totalMs)
  }
  if (error !== undefined || call.affinity === undefined || call.session === undefined) return
  const { provider, model } = target
  if (group.some((member) => member.target.provider === provider && member.target.model === model))
    engine.affinity.answered(call.session, target)
}

/** The code of a cancellation that another attempt's answer brought about. */
export const outrun = 'outrun'
