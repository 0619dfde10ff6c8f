import { closeSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs'
import { hostname } from 'node:os'
import { CostConfigError } from '../error.ts'

/** Who holds a lock. */
interface Holder {
  readonly pid: number
  /** When the process began, as its system counts: a pid is used again. Empty where that is not known. */
  readonly started: string
  readonly host: string
}

/**
 * Takes the lock file beside a journal, so that one process at a time writes it; what it returns gives the lock back. The
 * lock of a process that is no more is taken over; one of another machine never is, because nobody here can tell. Throws a
 * `config` error when it is held.
 */
export function lock(path: string): () => void {
  const file = `${path}.lock`
  if (!create(file)) {
    takeOver(file, path)
    if (!create(file)) throw held(path, file, read(file))
  }
  return () => rmSync(file, { force: true })
}

/** Only who made the second file looks at the first, or two that find it stale would both go in. */
function takeOver(file: string, path: string): void {
  const door = `${file}.takeover`
  if (!create(door)) {
    if (!isAbandoned(door)) throw held(path, file, read(file))
    rmSync(door, { force: true })
    if (!create(door)) throw held(path, file, read(file))
  }
  try {
    const holder = read(file)
    if (holder !== undefined && mayLive(holder)) throw held(path, file, holder)
    rmSync(file, { force: true })
  } finally {
    rmSync(door, { force: true })
  }
}

/** False: the file is there. */
function create(file: string): boolean {
  let handle: number
  try {
    handle = openSync(file, 'wx', 0o600)
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'EEXIST') return false // node:fs throws these
    throw thrown
  }
  try {
    const self: Holder = { pid: process.pid, started: statOf(process.pid)[1] ?? '', host: hostname() }
    writeSync(handle, JSON.stringify(self))
  } finally {
    closeSync(handle)
  }
  return true
}

/** Undefined: gone, or its holder died before it had written its name. */
function read(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder // written by `create`
  } catch {
    return undefined
  }
}

function mayLive({ pid, started, host }: Holder): boolean {
  if (host !== hostname()) return true
  try {
    process.kill(pid, 0)
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM' // it lives, and is another user's
  }
  const [state = '', now = ''] = statOf(pid)
  // Dead, and only not yet buried by its parent.
  if (state === 'Z' || state === 'X') return false
  return now === '' || started === '' || now === started
}

/** The holder of the door died while it looked, which takes it a moment. */
function isAbandoned(door: string): boolean {
  const holder = read(door)
  if (holder !== undefined) return !mayLive(holder)
  return statSync(door, { throwIfNoEntry: false }) === undefined
}

/** The state of a process and when it began, where the system tells. */
function statOf(pid: number): readonly string[] {
  try {
    // The name of the program stands in brackets and may hold spaces; the state follows, and the 20th field is the start.
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/^.*\) /s, '')
      .split(' ')
    return [fields[0] ?? '', fields[19] ?? '']
  } catch {
    return []
  }
}

function held(path: string, file: string, holder: Holder | undefined): CostConfigError {
  const who = holder === undefined ? 'another process' : `the process ${holder.pid} on ${holder.host}`
  return new CostConfigError(
    `the journal "${path}" is open in ${who}; one process writes a journal. Give each its own, or use a store for many; if that process is gone, delete "${file}"`,
  )
}
