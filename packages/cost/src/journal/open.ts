import { systemClock, type CostClock } from '../clock.ts'
import { MemoryStore } from '../memory.ts'
import { disk as systemDisk, type Disk } from './disk.ts'
import { readLines } from './line.ts'
import { lock } from './lock.ts'
import { replay } from './replay.ts'
import { JournalStore } from './store.ts'

export interface JournalOptions {
  readonly clock?: CostClock | undefined
  /** As of a `MemoryStore`: the journal is kept in memory, too. */
  readonly maxSessions?: number | undefined
  readonly maxRows?: number | undefined
}

const rotateAfter = 16 * 2 ** 20

/**
 * A ledger that outlives its process: all that it answered is found again in the file, which is made when there is none. One
 * process at a time may open it. Throws a `config` error when another has it open, and a `store` error when the file is
 * damaged or cannot be written.
 */
export async function openJournal(path: string, options: JournalOptions = {}): Promise<JournalStore> {
  return openOn(systemDisk, path, options)
}

/** For tests: on a disk of their own. */
export async function openOn(
  disk: Disk,
  path: string,
  { clock = systemClock, ...memoryOptions }: JournalOptions,
  rotateAfterCharacters: number = rotateAfter,
): Promise<JournalStore> {
  const unlock = lock(path)
  try {
    // Leases go by the wall, as they outlive the process; a wall that is set back is not followed.
    let latest = 0
    let replayed: number | undefined
    const now = (): number => (latest = Math.max(latest, replayed ?? clock.date().getTime()))
    const wall: CostClock = { now, date: () => new Date(now()) }
    const memory = new MemoryStore({ ...memoryOptions, clock: wall })
    const bytes = await disk.read(path)
    if (bytes !== undefined) replay(readLines(bytes, path).records, memory, (at) => (replayed = at), path)
    replayed = undefined
    const store = new JournalStore({ path, memory, now, disk, unlock, rotateAfter: rotateAfterCharacters })
    await store.rotate()
    return store
  } catch (thrown) {
    unlock()
    throw thrown
  }
}
