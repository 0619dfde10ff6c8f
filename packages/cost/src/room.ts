import type { MaybePromise, ReserveResult, Scope } from '@wayfare/core'
import type { Refusal } from './admit.ts'
import { timerOf, type CostClock } from './clock.ts'

/** How long room that another process frees may go unseen. */
const lookMs = 500

/**
 * Calls that wait until money may have been freed: a line for each scope that refused. Only the first of a line tries again,
 * so that a settlement costs the same however many wait, and small requests do not overtake a large one.
 */
export class Room {
  readonly #lines = new Map<string, Set<Place>>()
  readonly #clock: CostClock | undefined
  #version = 0
  #isLooking = false

  /** With a clock it is looked for room from time to time, too: others may free it unheard. */
  constructor(clock?: CostClock) {
    this.#clock = clock
  }

  /** Remember it before asking for room, so that no change in between is missed. */
  get version(): number {
    return this.#version
  }

  changed(): void {
    this.#version++
    for (const line of this.#lines.values()) first(line)?.call()
  }

  /** Asks again whenever it may be worth it, until the answer is another or the signal aborts. */
  async wait(
    signal: AbortSignal,
    refusal: Refusal,
    before: number,
    ask: () => MaybePromise<ReserveResult>,
  ): Promise<ReserveResult> {
    let { scope } = refusal
    let version = before
    let answer: ReserveResult = refusal
    let place = this.join(scope, version)
    try {
      while (mayWait(answer)) {
        if (answer.scope !== scope && !isSame(answer.scope, scope)) {
          place.leave()
          scope = answer.scope
          place = this.join(scope, version)
        }
        this.#look()
        await place.turn(signal)
        if (signal.aborted) return answer
        version = this.#version
        answer = await ask()
      }
      return answer
    } finally {
      place.leave()
    }
  }

  /** Joins the end of the line of a scope. `version` is that of the refusal. */
  join(scope: Scope, version: number): Place {
    const name = scope.kind === 'global' ? 'global' : JSON.stringify(scope)
    const line = this.#lines.get(name) ?? new Set<Place>()
    this.#lines.set(name, line)
    const place = new Place(() => {
      line.delete(place)
      if (line.size === 0) this.#lines.delete(name)
      else first(line)?.call()
    })
    line.add(place)
    if (version !== this.#version && line.size === 1) place.call()
    return place
  }

  /** One timer, however many wait: the first of each line looks for all of it. */
  #look(): void {
    if (this.#clock === undefined || this.#isLooking) return
    this.#isLooking = true
    timerOf(this.#clock)(lookMs, () => {
      this.#isLooking = false
      this.changed()
    })
  }
}

/** Whether waiting may help. */
export function mayWait(result: ReserveResult): result is Refusal {
  return !result.ok && result.reason === 'in_flight'
}

/** A place in a line. */
export class Place {
  /** Gives the place up; whoever is first then tries. */
  readonly leave: () => void
  #called = false
  #go: (() => void) | undefined

  constructor(leave: () => void) {
    this.leave = leave
  }

  /** It may be worth trying again. */
  call(): void {
    this.#called = true
    this.#go?.()
  }

  /** Resolves when called, at once if that was meanwhile, or when the signal aborts. */
  async turn(signal: AbortSignal): Promise<void> {
    if (!this.#called && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const go = (): void => {
          signal.removeEventListener('abort', go)
          this.#go = undefined
          resolve()
        }
        this.#go = go
        signal.addEventListener('abort', go, { once: true })
      })
    }
    this.#called = false
  }
}

function first(line: ReadonlySet<Place>): Place | undefined {
  const { value } = line.values().next()
  return value
}

function isSame(a: Scope, b: Scope): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
