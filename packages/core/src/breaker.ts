import type { Clock } from './contract/clock.ts'
import type { ModelTarget } from './contract/model.ts'
import type { LLMError, LLMErrorKind } from './error.ts'
import type { Emitter } from './emitter.ts'
import { keyOf } from './reference.ts'

/** Why a target is not to be used now, and until when (clock milliseconds). */
export interface Closure {
  readonly reason: 'cooldown' | 'circuit_open'
  readonly until: number
  /** The failure that closed it. */
  readonly kind: LLMErrorKind
}

export type Admission = { readonly ok: true } | ({ readonly ok: false } & Closure)

interface Circuit {
  state: 'closed' | 'open' | 'half_open'
  consecutive: number
  calls: number
  failures: number
  windowEnds: number
  until: number
  /** How often it opened in a row. */
  opened: number
  /** Successes since it began to close again. */
  proven: number
  coolUntil: number
  openedBy: LLMErrorKind
}

const windowMs = 60_000
/** Model ids may come from users, without end. */
const mostCircuits = 10_000
const consecutiveLimit = 5
const sampleLimit = 10
const longestCooldownMs = 3_600_000
/** Of a quota that is spent: the time when it comes back is known, but no vendor counts in more than days. */
const longestQuotaMs = 86_400_000
const model = { firstMs: 15_000, longestMs: 300_000 }
const credential = { firstMs: 60_000, longestMs: 900_000 }

/**
 * The faults of a target. A rate limit cools; a refused request, what a model wrote, a cancellation or a limit of the user's
 * says nothing.
 */
const faults: ReadonlySet<LLMErrorKind> = new Set<LLMErrorKind>([
  'server',
  'overloaded',
  'network',
  'timeout',
  'stream_truncated',
  'protocol',
  'response_too_large',
  'redirect',
])
/** The faults of a key: every model behind it is closed at once. */
const keyFaults: ReadonlySet<LLMErrorKind> = new Set<LLMErrorKind>(['auth', 'billing', 'region_blocked'])

/** Remembers which targets fail, so that calls need not find out one by one. Never sends a probe of its own. */
export class Breakers {
  readonly #circuits = new Map<string, Circuit>()
  /** Attempts under way whose answer has begun: what fails early must not count alone. */
  readonly #answering = new Map<string, { count: number }>()
  readonly #clock: Clock
  readonly #random: () => number
  readonly #emitter: Emitter

  constructor(clock: Clock, random: () => number, emitter: Emitter) {
    this.#clock = clock
    this.#random = random
    this.#emitter = emitter
  }

  /** Whether a target is closed to calls now. Changes nothing. */
  closure(target: ModelTarget): Closure | undefined {
    if (this.#circuits.size === 0) return undefined
    const now = this.#clock.now()
    const own = closureOf(this.#circuits.get(keyOf(target)), now)
    const key = closureOf(this.#circuits.get(target.provider), now)
    return own === undefined || (key !== undefined && key.until > own.until) ? key : own
  }

  /** Lets a call pass; the first one after the pause is the probe, and others wait for its news. */
  admit(target: ModelTarget): Admission {
    const closed = this.closure(target)
    if (closed !== undefined) return { ok: false, ...closed }
    for (const key of [keyOf(target), target.provider]) {
      const circuit = this.#circuits.get(key)
      if (circuit === undefined || circuit.state === 'closed') continue
      // Should the probe never report, another call may follow after as long a pause.
      circuit.until = this.#clock.now() + model.longestMs
      if (circuit.state === 'half_open') continue
      circuit.state = 'half_open'
      this.#emitter.emit('breaker', { key, state: 'half_open' })
    }
    return { ok: true }
  }

  /** One more attempt on the target of this key has begun to answer, or one less goes on. */
  answering(key: string, change: 1 | -1): void {
    const tally = this.#answering.get(key)
    if (tally !== undefined) tally.count += change
    else if (change === 1) this.#answering.set(key, { count: 1 })
    if (this.#answering.size > mostCircuits) this.#forgetSilent()
  }

  succeed(target: ModelTarget): void {
    if (this.#circuits.size === 0) return
    for (const key of [keyOf(target), target.provider]) {
      const circuit = this.#circuits.get(key)
      if (circuit === undefined) continue
      circuit.consecutive = 0
      this.#count(circuit, false)
      // A call that went out before the circuit opened does not shorten its pause.
      if (circuit.state !== 'half_open') continue
      circuit.until = 0
      circuit.proven++
      if (circuit.proven < 2) continue
      this.#circuits.delete(key)
      this.#emitter.emit('breaker', { key, state: 'closed' })
    }
  }

  /** A probe that said nothing about the target (it was cancelled, or the request was at fault): let another one try. */
  release(target: ModelTarget): void {
    for (const key of [keyOf(target), target.provider]) {
      const circuit = this.#circuits.get(key)
      if (circuit?.state === 'half_open') circuit.until = 0
    }
  }

  fail(target: ModelTarget, error: LLMError): void {
    if (error.kind === 'rate_limit') this.#cool(target, error)
    else if (keyFaults.has(error.kind)) {
      this.release(target)
      this.#open(target.provider, this.#circuit(target.provider), credential, error.kind)
    } else if (faults.has(error.kind) && error.phase !== 'output' && error.phase !== 'input')
      this.#record(target, error.kind)
    else {
      this.release(target)
      // A quota of nothing: the key is good, but no call of this model will ever pass.
      if (error.kind === 'permission' && error.status === 429)
        this.#open(keyOf(target), this.#circuit(keyOf(target)), model, error.kind)
    }
  }

  #cool(target: ModelTarget, { retryAfterMs, retryable }: LLMError): void {
    this.release(target)
    if (retryAfterMs === undefined || retryAfterMs <= 0) return
    const until = this.#clock.now() + Math.min(retryAfterMs, retryable ? longestCooldownMs : longestQuotaMs)
    const circuit = this.#circuit(keyOf(target))
    circuit.coolUntil = Math.max(circuit.coolUntil, until)
  }

  #record(target: ModelTarget, kind: LLMErrorKind): void {
    const key = keyOf(target)
    const circuit = this.#circuit(key)
    circuit.consecutive++
    this.#count(circuit, true)
    const healthy = this.#answering.get(key)?.count ?? 0
    const often = circuit.calls >= sampleLimit && circuit.failures * 2 >= circuit.calls + healthy
    const inARow = circuit.consecutive >= consecutiveLimit && circuit.consecutive >= healthy
    if (circuit.state === 'half_open' || inARow || often) this.#open(key, circuit, model, kind)
    const shared = this.#circuits.get(target.provider)
    if (shared?.state === 'half_open') shared.until = 0
  }

  #open(key: string, circuit: Circuit, pause: { firstMs: number; longestMs: number }, openedBy: LLMErrorKind): void {
    if (circuit.state === 'open' && circuit.until > this.#clock.now()) return
    const ms = Math.min(pause.firstMs * 2 ** circuit.opened, pause.longestMs) * (0.8 + 0.4 * this.#random())
    Object.assign(circuit, {
      state: 'open',
      openedBy,
      until: this.#clock.now() + ms,
      proven: 0,
      consecutive: 0,
      calls: 0,
      failures: 0,
    })
    circuit.opened++
    this.#emitter.emit('breaker', { key, state: 'open' })
  }

  #count(circuit: Circuit, failed: boolean): void {
    const now = this.#clock.now()
    if (now >= circuit.windowEnds) {
      circuit.windowEnds = now + windowMs
      circuit.calls = 0
      circuit.failures = 0
    }
    circuit.calls++
    if (failed) circuit.failures++
  }

  #circuit(key: string): Circuit {
    let circuit = this.#circuits.get(key)
    if (circuit === undefined) {
      const windowEnds = this.#clock.now() + windowMs
      circuit = {
        state: 'closed',
        consecutive: 0,
        calls: 0,
        failures: 0,
        windowEnds,
        until: 0,
        opened: 0,
        proven: 0,
        coolUntil: 0,
        openedBy: 'server',
      }
      if (this.#circuits.size >= mostCircuits) this.#forget()
      this.#circuits.set(key, circuit)
    }
    return circuit
  }

  #forgetSilent(): void {
    for (const [key, { count }] of this.#answering) if (count === 0) this.#answering.delete(key)
  }

  /** The oldest one that keeps nobody out; when all of them do, the oldest. */
  #forget(): void {
    const now = this.#clock.now()
    for (const [key, circuit] of this.#circuits) {
      if (circuit.state !== 'closed' || circuit.coolUntil > now) continue
      this.#circuits.delete(key)
      return
    }
    const [oldest] = this.#circuits.keys()
    if (oldest !== undefined) this.#circuits.delete(oldest)
  }
}

function closureOf(circuit: Circuit | undefined, now: number): Closure | undefined {
  if (circuit === undefined) return undefined
  const { openedBy, until, coolUntil } = circuit
  if (circuit.state !== 'closed' && until > now) return { reason: 'circuit_open', until, kind: openedBy }
  if (coolUntil > now) return { reason: 'cooldown', until: coolUntil, kind: 'rate_limit' }
  return undefined
}
