import type { RouterEvents } from './contract/router.ts'
import { LLMError } from './error.ts'
import { nearest } from './nearest.ts'
import { isThenable } from './thenable.ts'

type Listener = (event: never) => void

// An object, not a list, so that the compiler finds a forgotten name.
const names: Record<keyof RouterEvents, true> = {
  attempt: true,
  retry: true,
  soft_limit: true,
  budget_overrun: true,
  usage_anomaly: true,
  price_stale: true,
  breaker: true,
}

/** Tells whoever listens. A listener that throws never disturbs a call. */
export class Emitter {
  readonly #listeners = new Map<keyof RouterEvents, Set<Listener>>()

  /** Throws `config` for an event that does not exist. */
  on<N extends keyof RouterEvents>(name: N, listener: (event: RouterEvents[N]) => void): () => void {
    if (!Object.hasOwn(names, name)) {
      const meant = nearest(String(name), Object.keys(names))
      const hint =
        meant === undefined ? `; the events are: ${Object.keys(names).join(', ')}` : `; did you mean "${meant}"?`
      throw new LLMError('config', `there is no event "${String(name)}"${hint}`)
    }
    if (typeof listener !== 'function') throw new LLMError('config', `the listener of "${name}" must be a function`)
    const listeners = this.#listeners.get(name) ?? new Set<Listener>()
    this.#listeners.set(name, listeners)
    listeners.add(listener)
    return () => listeners.delete(listener)
  }

  emit<N extends keyof RouterEvents>(name: N, event: RouterEvents[N]): void {
    const listeners = this.#listeners.get(name)
    if (listeners === undefined) return
    for (const listener of listeners) {
      try {
        const result: unknown = listener(event as never) // registered under the same name
        // The type promises nothing, and an async function fits it.
        if (isThenable(result)) result.then(undefined, () => {})
      } catch {
        // its own affair
      }
    }
  }
}
