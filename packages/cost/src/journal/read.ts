import { systemClock, type CostClock } from '../clock.ts'
import { CostConfigError } from '../error.ts'
import { MemoryStore } from '../memory.ts'
import { disk } from './disk.ts'
import { readLines } from './line.ts'
import { replay } from './replay.ts'

/** The ledger in a journal as it stands; the file is left as it is, and may be open elsewhere. Throws when it is damaged or not there. */
export async function readJournal(path: string, clock: CostClock = systemClock): Promise<MemoryStore> {
  const bytes = await disk.read(path)
  if (bytes === undefined) throw new CostConfigError(`there is no journal ${path}`)
  const { records } = readLines(bytes, path)
  if (records.length === 0) throw new CostConfigError(`${path} holds no ledger`)
  let at: number | undefined
  const now = (): number => at ?? clock.date().getTime()
  const memory = new MemoryStore({ clock: { now, date: () => new Date(now()) } })
  replay(records, memory, (ms) => (at = ms), path)
  at = undefined
  return memory
}
