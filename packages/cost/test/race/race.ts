import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { StoreAddress } from './open-store.ts'
import type { Samples } from './sampler.ts'
import type { Lane, LaneReport } from './worker.ts'

export interface Race {
  readonly address: StoreAddress
  readonly workers: number
  /** Of all workers together. */
  readonly calls: number
  readonly limitUsd: number
  readonly leaseMs: number
  /** The Node to run them in. Default: this one. */
  readonly node?: string
}

export interface Outcome extends Samples {
  /** What the workers that lived settled. */
  readonly settledNano: number
  readonly admitted: number
}

const root = fileURLToPath(new URL('../../../../', import.meta.url))

/** Many processes spend at once under one limit, one of them is killed in the middle, and one looks on. */
export async function race({ address, workers, calls, limitUsd, leaseMs, node }: Race): Promise<Outcome> {
  const start = (program: string, order: unknown): Runner => new Runner(program, order, node ?? process.execPath)
  const looker = start('sampler.ts', { address, limitUsd, leaseMs })
  await looker.line()
  const lanes = Array.from({ length: workers }, (_, i) => {
    const halts = i === 0
    // The one that is killed takes a part of the money with it, and leaves the rest to the others.
    const own = Math.ceil(calls / workers / (halts ? 4 : 1))
    const lane: Lane = { address, name: `w${i}`, calls: own, limitUsd, leaseMs, halts }
    return start('worker.ts', lane)
  })
  for (const lane of lanes) await lane.line()
  const [victim, ...others] = lanes
  victim?.say()
  await victim?.line()
  for (const lane of others) lane.say()
  setTimeout(() => victim?.kill(), 50)
  const reports = await Promise.all(others.map(async (lane) => JSON.parse(await lane.line()) as LaneReport)) // printed by the worker
  looker.say()
  const samples = JSON.parse(await looker.line()) as Samples // printed by the sampler
  return {
    ...samples,
    settledNano: reports.reduce((sum, each) => sum + each.settledNano, 0),
    admitted: reports.reduce((sum, each) => sum + each.admitted, 0),
  }
}

/** A process that is spoken with in lines. */
class Runner {
  readonly #child: ChildProcess
  readonly #lines: AsyncIterator<string>

  constructor(program: string, order: unknown, node: string) {
    const path = fileURLToPath(new URL(program, import.meta.url))
    const args = ['--import', 'tsx', '--conditions=@wayfare/source', path, JSON.stringify(order)]
    const child = spawn(node, args, { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] })
    this.#child = child
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  }

  async line(): Promise<string> {
    const next = await this.#lines.next()
    if (next.done === true) throw new Error(`a process of the race ended early, with ${this.#child.exitCode}`)
    return next.value
  }

  say(): void {
    this.#child.stdin?.write('go\n')
  }

  kill(): void {
    this.#child.kill('SIGKILL')
  }
}
