import type { Scope } from '@wayfare/core'

/**
 * Calls that wait until money may have been freed: a line for each scope that refused. Only the first of a line tries again,
 * so that a settlement costs the same however many wait, and small requests do not overtake a large one.
 */
export class Room {
  readonly #lines = new Map<string, Set<Place>>()
  #version = 0

  /** Remember it before asking for room, so that no change in between is missed. */
  get version(): number {
    return this.#version
  }

  changed(): void {
    this.#version++
    for (const line of this.#lines.values()) first(line)?.call()
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
