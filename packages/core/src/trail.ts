import { Alarm } from './alarm.ts'
import type { Clock } from './contract/clock.ts'
import type { AssistantPart } from './contract/message.ts'
import type { Attempt } from './contract/response.ts'
import { textOf } from './answer.ts'
import type { LLMError, PartialAnswer } from './error.ts'
import { Guard } from './guard.ts'
import { withOne } from './short-list.ts'
import { makeWaiter } from './waiter.ts'

/** Where one call has been and what is left of it. */
export class Trail {
  readonly guard: Guard = new Guard()
  readonly alarm: Alarm
  /** The bill: every attempt that was sent. */
  readonly lines: Attempt[] = []
  /** Every failure, those of targets that were never asked included. */
  readonly errors: LLMError[] = []
  attempts = 0
  /** Whether a second attempt beside another one was begun, or refused. */
  hedged = false
  /** Retry quota taken on the present target. */
  taken = 0
  /** Text of an interrupted attempt that the next one continues. */
  continued = ''
  /** The attempt that broke last. */
  broken = 0
  /** The attempt whose output must be taken back before another one starts. */
  voided: number | undefined
  partial: PartialAnswer | undefined
  readonly #clock: Clock
  /** Whose turn it was, in order. */
  #turns: readonly string[] = []

  constructor(clock: Clock) {
    this.#clock = clock
    this.alarm = new Alarm(clock, this.guard)
  }

  /** How many turns a target has had. */
  triesOf(key: string): number {
    let tries = 0
    for (const turn of this.#turns) if (turn === key) tries++
    return tries
  }

  takeTurn(key: string): void {
    this.#turns = withOne(this.#turns, key)
  }

  /** It came to nothing, and through no fault of the target's. */
  returnTurn(key: string): void {
    const at = this.#turns.lastIndexOf(key)
    if (at !== -1) this.#turns = this.#turns.toSpliced(at, 1)
  }

  /** Rejects with the reason when the call is cut. */
  async sleep(ms: number): Promise<void> {
    if (this.guard.reason !== undefined) throw this.guard.reason
    if (ms <= 0) return
    await this.#clock.sleep(ms, this.guard.signal)
  }

  /** Waits for what nobody can hurry, but no longer than the call lives. */
  async orCut<T>(work: Promise<T>): Promise<T> {
    const { promise, reject } = makeWaiter<never>()
    const worker = { cut: reject }
    this.guard.admit(worker)
    try {
      return await Promise.race([work, promise])
    } finally {
      this.guard.dismiss(worker)
    }
  }

  /** Remembers what an attempt had shown when it failed. */
  keepPartial(content: readonly AssistantPart[]): void {
    this.partial = { text: textOf(content), message: { role: 'assistant', content } }
  }
}
