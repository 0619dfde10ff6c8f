import type { Entry } from './book.ts'

/** Money that is set aside. */
export interface Reservation extends Entry {
  amount: number
  readonly deadline: number
  dispatched: boolean
  /** Settled, freed, or outlived by its lease. */
  ended: boolean
}

/** So many that have ended may stay, or as many as live. */
const mostEnded = 256

/**
 * Those that live, by id. One that ends stays until they are many: a map that loses each entry before the next one comes makes
 * itself anew all the time, and every former self is garbage that leads to the next one, which therefore outlives it.
 */
export class Reservations {
  #all = new Map<string, Reservation>()
  #ended = 0

  get(id: string): Reservation | undefined {
    const known = this.#all.get(id)
    return known === undefined || known.ended ? undefined : known
  }

  /** Under an id of which none lives. */
  add(id: string, reservation: Reservation): void {
    const { size } = this.#all
    this.#all.set(id, reservation)
    if (this.#all.size === size) this.#ended-- // in the place of one that had ended
  }

  end(reservation: Reservation): void {
    reservation.ended = true
    this.#ended++
    if (this.#ended <= mostEnded || this.#ended * 2 <= this.#all.size) return
    const live = new Map<string, Reservation>()
    this.#all.forEach((one, id) => {
      if (!one.ended) live.set(id, one)
    })
    this.#all = live
    this.#ended = 0
  }

  *entries(): Generator<[string, Reservation]> {
    for (const entry of this.#all) if (!entry[1].ended) yield entry
  }
}
