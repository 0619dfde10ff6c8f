import type { CostWarning } from './options.ts'

/** Tells each warning once. */
export class Warnings {
  readonly #tell: ((warning: CostWarning) => void) | undefined
  readonly #told = new Set<string>()

  constructor(tell: ((warning: CostWarning) => void) | undefined) {
    this.#tell = tell
  }

  /** Once for each `about`. */
  once(code: CostWarning['code'], about: string, message: string): void {
    const key = `${code} ${about}`
    if (this.#told.has(key)) return
    this.#told.add(key)
    this.#tell?.({ code, message })
  }
}
