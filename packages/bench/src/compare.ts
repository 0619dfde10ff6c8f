/** Work that is repeated: returns how many units it did. */
export type Work = () => number | Promise<number>

/** Runs a case for so many milliseconds of CPU time, at least. */
export type Measure = (leastMs: number) => Spent | Promise<Spent>

export interface Spent {
  readonly units: number
  /** Microseconds of CPU time. */
  readonly us: number
}

export interface Pace {
  readonly rounds: number
  /** How long one case runs in one round, in milliseconds of CPU time, at least. */
  readonly roundMs: number
}

/** How many rounds' time each case runs before it counts, so that everything is compiled. */
const warmUpRounds = 15

/** CPU time of this process per unit of work, in nanoseconds. */
export function compare(cases: Readonly<Record<string, Work>>, pace: Pace): Promise<Record<string, number>> {
  const measures = Object.entries(cases).map(([name, work]): [string, Measure] => [name, (ms) => spend(work, ms)])
  return compareMeasured(Object.fromEntries(measures), pace)
}

/**
 * CPU time per unit, in nanoseconds: the median of all rounds, in which the cases take turns, so that whatever else the
 * machine does falls on all of them.
 */
export async function compareMeasured(
  cases: Readonly<Record<string, Measure>>,
  { rounds, roundMs }: Pace,
): Promise<Record<string, number>> {
  const names = Object.keys(cases)
  const samples = new Map<string, number[]>(names.map((name) => [name, []]))
  await warmUp(cases, roundMs)
  for (let round = 0; round < rounds; round++) {
    // Each round begins with another case: none is always the one behind the garbage of the same other.
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(round + turn) % names.length]!
      const { units, us } = await cases[name]!(roundMs)
      samples.get(name)!.push((us * 1_000) / units)
    }
  }
  return Object.fromEntries([...samples].map(([name, all]) => [name, median(all)]))
}

/** In turns as well: what one case teaches the compiler changes the code of the others. */
async function warmUp(cases: Readonly<Record<string, Measure>>, roundMs: number): Promise<void> {
  const spentUs = new Map<string, number>()
  let cold = Object.keys(cases)
  while (cold.length > 0) {
    for (const name of cold) {
      const { us } = await cases[name]!(roundMs)
      spentUs.set(name, (spentUs.get(name) ?? 0) + us)
    }
    cold = cold.filter((name) => spentUs.get(name)! < roundMs * 1_000 * warmUpRounds)
  }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** Repeats the work until it has taken so long. */
export async function spend(work: Work, leastMs: number): Promise<Spent> {
  const before = process.cpuUsage()
  let units = 0
  for (;;) {
    units += await work()
    const { user, system } = process.cpuUsage(before)
    const us = user + system
    if (us >= leastMs * 1_000) return { units, us }
  }
}
