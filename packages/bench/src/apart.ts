import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Client } from './client.ts'
import type { ClientName } from './clients.ts'
import { compareMeasured, type Pace, type Spent } from './compare.ts'
import type { Shares } from './profile.ts'

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
  /** Whether to answer with its profile, not with what it cost. */
  readonly profiled?: true
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
    for (const child of this.#children.values()) await ask<Spent>(child, { task, leastMs: seconds * 1_000 })
  }

  /** CPU time per unit, in nanoseconds. `leadIn` goes before each turn and does not count. */
  compare(task: Task, pace: Pace, leadIn?: Task): Promise<Record<string, number>> {
    const measures = [...this.#children].map(([name, child]) => {
      const measure = async (leastMs: number): Promise<Spent> => {
        if (leadIn !== undefined) await ask<Spent>(child, { task: leadIn, leastMs: pace.roundMs })
        return ask<Spent>(child, { task, leastMs })
      }
      return [name, measure] as const
    })
    return compareMeasured(Object.fromEntries(measures), pace)
  }

  /** Where the time of one of them goes. */
  async profile(name: ClientName, task: Task, seconds: number): Promise<Shares> {
    const child = this.#children.get(name)
    if (child === undefined) return {}
    return ask<Shares>(child, { task, leastMs: seconds * 1_000, profiled: true })
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

async function ask<T>(child: ChildProcess, order: Order): Promise<T> {
  child.send(order)
  const [answer] = (await once(child, 'message')) as [T]
  return answer
}
