/** Work that is repeated: returns how many units it did. */
export type Work = () => number | Promise<number>

export interface Pace {
  readonly rounds: number
  /** How long one case runs in one round, in milliseconds of CPU time, at least. */
  readonly roundMs: number
}

/** How many rounds' time each case runs before it counts, so that everything is compiled. */
const warmUpRounds = 15

/**
 * CPU time of this process per unit of work, in nanoseconds: the median of all rounds, in which the cases take turns, so
 * that whatever else the machine does falls on all of them.
 */
export async function compare(
  cases: Readonly<Record<string, Work>>,
  { rounds, roundMs }: Pace,
): Promise<Record<string, number>> {
  const names = Object.keys(cases)
  const samples = new Map<string, number[]>(names.map((name) => [name, []]))
  await warmUp(cases, roundMs)
  for (let round = 0; round < rounds; round++) {
    // Each round begins with another case: none is always the one behind the garbage of the same other.
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(round + turn) % names.length]!
      samples.get(name)!.push(await spend(cases[name]!, roundMs))
    }
  }
  return Object.fromEntries([...samples].map(([name, all]) => [name, median(all)]))
}

/** In turns as well: what one case teaches the compiler changes the code of the others. */
async function warmUp(cases: Readonly<Record<string, Work>>, roundMs: number): Promise<void> {
  const spentUs = new Map<string, number>()
  let cold = Object.keys(cases)
  while (cold.length > 0) {
    for (const name of cold) {
      const before = process.cpuUsage()
      await spend(cases[name]!, roundMs)
      const { user, system } = process.cpuUsage(before)
      spentUs.set(name, (spentUs.get(name) ?? 0) + user + system)
    }
    cold = cold.filter((name) => spentUs.get(name)! < roundMs * 1_000 * warmUpRounds)
  }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** Nanoseconds per unit. */
async function spend(work: Work, leastMs: number): Promise<number> {
  const before = process.cpuUsage()
  let units = 0
  for (;;) {
    units += await work()
    const { user, system } = process.cpuUsage(before)
    const spentUs = user + system
    if (spentUs >= leastMs * 1_000) return (spentUs * 1_000) / units
  }
}
