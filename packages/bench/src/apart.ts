import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Client } from './client.ts'
import type { ClientName } from './clients.ts'
import { compareMeasured, type Pace, type Spent } from './compare.ts'

/** Calls of one client: so many in all, so many of them at once. */
export interface Task {
  readonly method: keyof Pick<Client, 'stream' | 'complete'>
  readonly baseURL: string
  readonly width: number
  readonly calls: number
  /** What one call counts for: its chunks, or 1. */
  readonly units: number
}

/** What a client's process is told: to repeat a task for so many milliseconds of CPU time. */
export interface Order {
  readonly task: Task
  readonly leastMs: number
}

/**
 * Clients that each have a process of their own, as they have in a program: what one teaches the compiler, or leaves to the
 * collector, costs no other one anything.
 */
export class Apart {
  readonly #children: ReadonlyMap<ClientName, ChildProcess>

  private constructor(children: ReadonlyMap<ClientName, ChildProcess>) {
    this.#children = children
  }

  /** Starts all that are installed and run on this Node. */
  static async start(names: readonly ClientName[], baseURL: string): Promise<Apart> {
    const children = new Map<ClientName, ChildProcess>()
    for (const name of names) {
      const child = fork(new URL('../programs/calls.js', import.meta.url), [name, baseURL], { execArgv: [] })
      const ready = once(child, 'message').then(() => true)
      if (await Promise.race([ready, once(child, 'exit').then(() => false)])) children.set(name, child)
    }
    return new Apart(children)
  }

  /** Repeats the task until each has spent so many seconds on it: the compiler is in no hurry. */
  async warmUp(task: Task, seconds: number): Promise<void> {
    for (const child of this.#children.values()) await run(child, { task, leastMs: seconds * 1_000 })
  }

  /** CPU time per unit, in nanoseconds. */
  compare(task: Task, pace: Pace): Promise<Record<string, number>> {
    const measures = [...this.#children].map(
      ([name, child]) => [name, (leastMs: number) => run(child, { task, leastMs })] as const,
    )
    return compareMeasured(Object.fromEntries(measures), pace)
  }

  async close(): Promise<void> {
    for (const [name, child] of this.#children) {
      const over = once(child, 'exit') as Promise<[number | null]>
      child.disconnect()
      const [code] = await over
      if (code !== 0) throw new Error(`${name} ended with ${code}`)
    }
  }
}

async function run(child: ChildProcess, order: Order): Promise<Spent> {
  child.send(order)
  const [spent] = (await once(child, 'message')) as [Spent]
  return spent
}
