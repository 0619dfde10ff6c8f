import { isThenable } from './maybe-promise.ts'
import type { CostWarning } from './options.ts'

/** Tells each warning once. */
export class Warnings {
  readonly #tell: ((warning: CostWarning) => void) | undefined
  readonly #told = new Set<string>()

  constructor(tell: ((warning: CostWarning) => void) | undefined) {
    this.#tell = tell
  }

  zero(where: string): void {
    this.#once('limit_zero', where, `${where} is 0, which means no limit; leave it out, or use a small amount`)
  }

  /** Each one of the kind is limited, and a call names none. */
  passedBy(kind: 'session' | 'agent'): void {
    const message = `limits.${kind} does not count a call that names no ${kind}; let calls name one, or set limits.global`
    this.#once('limit_passed_by', kind, message)
  }

  unknownAttempt(id: string): void {
    this.#once('unknown_attempt', '', `the attempt "${id}" has no reservation; its settlement was ignored`)
  }

  storeDown(): void {
    this.#once('store_down', '', 'the store of the ledger is down, and calls go on as onStoreDown says')
  }

  gaveUp(): void {
    this.#once('given_up', '', 'the store never takes a settlement; its lease charges it')
  }

  /** Once for each `about`. */
  #once(code: CostWarning['code'], about: string, message: string): void {
    const key = `${code} ${about}`
    if (this.#told.has(key)) return
    this.#told.add(key)
    try {
      const told: unknown = this.#tell?.({ code, message })
      // The type promises nothing, and an async function fits it.
      if (isThenable(told)) told.then(undefined, () => {})
    } catch {
      // its own affair: a warning comes in the midst of a reservation
    }
  }
}
