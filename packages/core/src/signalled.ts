import type { Guard } from './guard.ts'

/**
 * Has the signal of a guard, made when it is read. An own property, so that a copy by spread has it; and one getter for all, as
 * objects whose getters differ have no common shape, and are slow wherever they go.
 */
export class Signalled {
  static readonly #shared: PropertyDescriptor & ThisType<Signalled> = {
    enumerable: true,
    get() {
      return this.#guard.signal
    },
  }
  readonly #guard: Guard
  declare readonly signal: AbortSignal

  /** The guard of the router's own object; a copy has its signal. */
  static guardOf(object: object): Guard | undefined {
    return #guard in object ? object.#guard : undefined
  }

  constructor(guard: Guard) {
    this.#guard = guard
    Object.defineProperty(this, 'signal', Signalled.#shared)
  }
}
