/** Calls that wait until money may have been freed. */
export class Room {
  #version = 0
  #wake: (() => void)[] = []

  /** Remember it before asking for room, so that no change in between is missed. */
  get version(): number {
    return this.#version
  }

  changed(): void {
    this.#version++
    if (this.#wake.length === 0) return
    const waiting = this.#wake
    this.#wake = []
    for (const wake of waiting) wake()
  }

  /** Resolves at the first change after `version`, or when the signal aborts; in the order of asking. */
  next(version: number, signal: AbortSignal): Promise<void> {
    if (version !== this.#version || signal.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      const wake = (): void => {
        signal.removeEventListener('abort', onAbort)
        resolve()
      }
      const onAbort = (): void => {
        this.#wake = this.#wake.filter((waiting) => waiting !== wake)
        resolve()
      }
      signal.addEventListener('abort', onAbort, { once: true })
      this.#wake.push(wake)
    })
  }
}
