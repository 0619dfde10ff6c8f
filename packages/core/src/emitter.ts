import type { RouterEvents } from './contract/router.ts'

type Listener = (event: never) => void

/** Tells whoever listens. A listener that throws never disturbs a call. */
export class Emitter {
  readonly #listeners = new Map<keyof RouterEvents, Set<Listener>>()

  on<N extends keyof RouterEvents>(name: N, listener: (event: RouterEvents[N]) => void): () => void {
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
        listener(event as never) // registered under the same name
      } catch {
        // its own affair
      }
    }
  }
}
