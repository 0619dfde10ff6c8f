import type { Calendar } from '../calendar.ts'
import { CostStoreError } from '../error.ts'
import { stateOf, type MemoryStore } from '../memory.ts'
import type { JournalRecord } from './record.ts'
import { Restore } from './snapshot.ts'

/** Makes of records, in order, the store that wrote them. `at` sets the store's clock. */
export function replay(records: readonly unknown[], store: MemoryStore, at: (ms: number) => void, path: string): void {
  const calendars = new Map<number, Calendar>()
  const calendarOf = (c: number): Calendar => {
    const known = calendars.get(c)
    if (known === undefined) throw new CostStoreError(`the journal "${path}" names a day that it does not describe`)
    return known
  }
  const restore = new Restore(store, calendarOf)
  for (const record of records) {
    take(record as JournalRecord, calendarOf) // its checksum says that this package wrote it
  }

  function take(record: JournalRecord, of: (c: number) => Calendar): void {
    switch (record.t) {
      case 'journal':
        // A number that is not known is that of a later version, which no type here describes.
        if ((record.version as number) === 1) return
        throw new CostStoreError(`the journal "${path}" was written by a newer version of this package; update it`)
      case 'calendar':
        return void calendars.set(record.c, record.calendar)
      case 'account':
        return restore.account(record)
      case 'row':
        return restore.row(record)
      case 'held':
        return restore.held(record)
      case 'lapsed':
        return restore.lapsed(record)
      case 'recorded':
        return stateOf(store).recorded.add(record.id)
      case 'settled':
        for (const id of record.ids) stateOf(store).settled.add(id)
        return
      case 'reserve': {
        at(record.at)
        const { id, call, amount, leaseMs, soft = [], c } = record
        store.reserve({ id, call, amount, least: amount, limits: soft, leaseMs, calendarAt: () => of(c) })
        return
      }
      case 'dispatch':
        return void store.dispatch(record.id)
      case 'undispatch':
        return undispatch(store, record.id)
      case 'settle':
        return void store.settle(record.id, record.posting)
      case 'void':
        return void store.void(record.id)
      case 'sweep':
        at(record.at)
        return void store.sweep()
      case 'record': {
        at(record.at)
        const { id, call, posting, from, c } = record
        store.record({ id, call, posting, from, calendarAt: () => of(c) })
        return
      }
      case 'forget':
        return store.forget(record.session)
    }
  }
}

/** Takes a dispatch back of which nobody was told. */
export function undispatch(store: MemoryStore, id: string): void {
  const reservation = stateOf(store).reservations.get(id)
  if (reservation !== undefined) reservation.dispatched = false
}
