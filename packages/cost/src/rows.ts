import type { CallScopes, SpendRow } from './store.ts'
import { Tally } from './tally.ts'

/** The spend of one day by one combination of scopes. */
export class Row extends Tally {
  readonly day: string
  readonly call: CallScopes
  readonly tagKey: string
  /** Folded into another: whoever remembered this row must look again. */
  gone = false

  constructor(day: string, call: CallScopes, tagKey: string) {
    super()
    this.day = day
    this.call = call
    this.tagKey = tagKey
  }

  isOf(day: string, { session, agent, provider, model }: CallScopes, tagKey: string): boolean {
    const { call } = this
    return (
      !this.gone &&
      this.day === day &&
      call.model === model &&
      call.provider === provider &&
      call.session === session &&
      call.agent === agent &&
      this.tagKey === tagKey
    )
  }
}

/**
 * The bill, a row a day and combination of scopes. Beyond `max` rows the oldest lose detail, never money: first their
 * session, then everything but the day.
 */
export class RowBook {
  #rows = new Map<string, Row>()
  readonly #max: number

  constructor(max: number) {
    this.#max = max
  }

  /** The row of a call, made when there is none. */
  row(day: string, call: CallScopes, tagKey: string): Row {
    const key = keyOf(day, call, tagKey)
    const known = this.#rows.get(key)
    if (known !== undefined) return known
    if (this.#rows.size >= this.#max) this.#foldOldest()
    const made = new Row(day, call, tagKey)
    this.#rows.set(key, made)
    return made
  }

  between(from: string, to: string): SpendRow[] {
    const found: SpendRow[] = []
    for (const row of this.#rows.values()) {
      if (row.day >= from && row.day <= to) found.push({ day: row.day, call: row.call, ...row.figures() })
    }
    return found
  }

  all(): IterableIterator<Row> {
    return this.#rows.values()
  }

  /** Takes a session's name out of the bill. */
  forget(session: string): void {
    for (const [key, row] of this.#rows) if (row.call.session === session) this.#fold(key, row, withoutSession)
  }

  /** A tenth at a time, so that the search for the oldest is rare. */
  #foldOldest(): void {
    let left = Math.ceil(this.#max / 10)
    for (const coarser of [withoutSession, withoutAll]) {
      for (const [key, row] of this.#rows) {
        if (left === 0) return
        if (coarser === withoutSession ? row.call.session === undefined : isBare(row)) continue
        this.#fold(key, row, coarser)
        left--
      }
    }
  }

  #fold(key: string, row: Row, coarser: (call: CallScopes) => CallScopes): void {
    this.#rows.delete(key)
    row.gone = true
    const call = coarser(row.call)
    const tagKey = tagKeyOf(call.tags)
    const coarseKey = keyOf(row.day, call, tagKey)
    const known = this.#rows.get(coarseKey) ?? new Row(row.day, call, tagKey)
    known.add(row)
    this.#rows.set(coarseKey, known)
  }
}

function keyOf(day: string, { session, agent, provider, model }: CallScopes, tagKey: string): string {
  return JSON.stringify([day, provider ?? '', model ?? '', agent ?? '', session ?? '', tagKey])
}

/** The same for calls that share a row of the bill. */
export function rowKey(call: CallScopes): string {
  return keyOf('', call, tagKeyOf(call.tags))
}

/** For a row that tells no session any more. */
export function withoutSession(call: CallScopes): CallScopes {
  return { ...call, session: undefined }
}

function withoutAll(): CallScopes {
  return {}
}

function isBare({ call, tagKey }: Row): boolean {
  return (call.session ?? call.agent ?? call.provider ?? call.model) === undefined && tagKey === ''
}

/** The same for the same tags, in whatever order they stand. */
export function tagKeyOf(tags: CallScopes['tags']): string {
  if (tags === undefined) return ''
  return Object.keys(tags)
    .sort()
    .map((tag) => JSON.stringify([tag, tags[tag]]))
    .join('')
}
