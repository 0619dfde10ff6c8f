import { CostTracker } from '../../src/index.ts'
import { ask, cost, milliPerToken } from '../setup.ts'
import { openStore, type StoreAddress } from './open-store.ts'

/** One process of a race: all its calls at once. */
export interface Lane {
  readonly address: StoreAddress
  readonly name: string
  readonly calls: number
  readonly limitUsd: number
  readonly leaseMs: number
  /** Says "sent" when some calls are, and never hears of them again: somebody may want to kill it then. */
  readonly halts: boolean
}

/** What it printed at its end. */
export interface LaneReport {
  readonly settledNano: number
  readonly admitted: number
}

const lane = JSON.parse(process.argv[2] ?? '{}') as Lane // written by `race`
const { address, name, calls, limitUsd, leaseMs, halts } = lane

async function main(): Promise<void> {
  const { store, close } = await openStore(address)
  const limits = { global: { hard: limitUsd }, session: { hard: limitUsd / 2 } }
  const tracker = new CostTracker({ store, limits, pricing: milliPerToken })
  let settledNano = 0
  let admitted = 0
  const one = async (i: number): Promise<void> => {
    // A millionth of a dollar more each, so that sums show what is missing.
    const amount = (1 + (i % 10)) / 1_000
    const request = ask(amount, { attemptId: `${name}-${i}`, session: `race:${i % 5}`, leaseMs })
    try {
      const result = await twice(() => tracker.reserve(request))
      if (!result.ok) return
      await twice(() => tracker.dispatch(request.attemptId))
    } catch {
      // As the router does: nobody could say, so nothing is sent.
      await tracker.void(request.attemptId)
      return
    }
    admitted++
    if (halts && admitted === 5) console.log('sent')
    await new Promise((resolve) => setTimeout(resolve, halts ? 60_000 : i % 7))
    const paid = (amount * (1 + (i % 3))) / 4
    await tracker.settle(request.attemptId, cost(paid))
    settledNano += Math.round(paid * 1e9)
  }
  console.log('ready')
  await new Promise<void>((resolve) => process.stdin.once('data', () => resolve()))
  // In waves, as a server would: what is refused in one may fit in a later one.
  const wave = Math.ceil(calls / 2)
  for (let from = 0; from < calls; from += wave) {
    await Promise.all(Array.from({ length: Math.min(wave, calls - from) }, (_, i) => one(from + i)))
  }
  await tracker.flush()
  const report: LaneReport = { settledNano, admitted }
  console.log(JSON.stringify(report))
  await close()
  process.exit(0)
}

/** A store that does not answer in time is asked again once, as the router does. */
async function twice<T>(ask: () => T | Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch {
    await new Promise((resolve) => setTimeout(resolve, 50))
    return ask()
  }
}

void main()
