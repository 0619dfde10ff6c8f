import type { Clock } from './contract/clock.ts'
import type { AssistantPart } from './contract/message.ts'
import type { Attempt } from './contract/response.ts'
import { textOf } from './answer.ts'
import type { LLMError, PartialAnswer } from './error.ts'
import { Guard } from './guard.ts'
import type { Worker } from './guard.ts'

/** Where one call has been and what is left of it. */
export class Trail {
  readonly guard: Guard = new Guard()
  /** Turns per target. */
  readonly tries: Map<string, number> = new Map()
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
  #deadline = Infinity

  constructor(clock: Clock) {
    this.#clock = clock
  }

  endAfter(totalMs: number): void {
    this.#deadline = this.#clock.now() + totalMs
  }

  restMs(): number {
    return this.#deadline - this.#clock.now()
  }

  triesOf(key: string): number {
    return this.tries.get(key) ?? 0
  }

  takeTurn(key: string): void {
    this.tries.set(key, this.triesOf(key) + 1)
  }

  /** It came to nothing, and through no fault of the target's. */
  returnTurn(key: string): void {
    const tries = this.triesOf(key) - 1
    if (tries > 0) this.tries.set(key, tries)
    else this.tries.delete(key)
  }

  /** Rejects with the reason when the call is cut. */
  async sleep(ms: number): Promise<void> {
    if (this.guard.reason !== undefined) throw this.guard.reason
    if (ms <= 0) return
    await this.#clock.sleep(ms, this.guard.signal)
  }

  /** Waits for what nobody can hurry, but no longer than the call lives. */
  async orCut<T>(work: Promise<T>): Promise<T> {
    let worker: Worker | undefined
    const cut = new Promise<never>((_, reject) => {
      worker = { cut: reject }
      this.guard.admit(worker)
    })
    try {
      return await Promise.race([work, cut])
    } finally {
      if (worker !== undefined) this.guard.dismiss(worker)
    }
  }

  /** Remembers what an attempt had shown when it failed. */
  keepPartial(content: readonly AssistantPart[]): void {
    this.partial = { text: textOf(content), message: { role: 'assistant', content } }
  }
}
