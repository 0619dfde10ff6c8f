import { openStore, type StoreAddress } from './open-store.ts'

/** What a reader saw while others raced. */
export interface Samples {
  readonly samples: number
  readonly above: number
  readonly mostNano: number
  readonly postedNano: number
  readonly pendingNano: number
  /** What the bill comes to. */
  readonly billedNano: number
}

interface Order {
  readonly address: StoreAddress
  readonly limitUsd: number
  readonly leaseMs: number
}

const { address, limitUsd, leaseMs } = JSON.parse(process.argv[2] ?? '{}') as Order // written by `race`

/** Reads again and again until its input says that all have ended; then waits for the leases, and sweeps. */
async function main(): Promise<void> {
  const { store, close } = await openStore(address)
  const global = { kind: 'global' } as const
  let going = true
  let samples = 0
  let above = 0
  let mostNano = 0
  const read = async (): Promise<readonly [number, number]> => {
    const { posted = 0, pending = 0 } = (await store.figures(global)) ?? {}
    samples++
    mostNano = Math.max(mostNano, posted + pending)
    if (posted + pending > limitUsd * 1e9) above++
    return [posted, pending]
  }
  console.log('ready')
  process.stdin.once('data', () => (going = false))
  while (going) {
    await read()
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  await new Promise((resolve) => setTimeout(resolve, leaseMs))
  await store.sweep()
  const [postedNano, pendingNano] = await read()
  const rows = await store.rows('0000', '9999')
  const billedNano = rows.reduce((sum, { posted }) => sum + posted, 0)
  const report: Samples = { samples, above, mostNano, postedNano, pendingNano, billedNano }
  console.log(JSON.stringify(report))
  await close()
  process.exit(0)
}

void main()
