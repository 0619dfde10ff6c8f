import type { Tail } from './disk.ts'
import { writeLine } from './line.ts'
import type { JournalRecord } from './record.ts'

interface Batch {
  readonly lines: string[]
  readonly durable: Promise<void>
  readonly resolve: () => void
  readonly reject: (reason: unknown) => void
}

/** Writes records in the order in which they come; all that come while one write is under way share the next. */
export class Log {
  readonly #tail: Promise<Tail>
  #sum: number
  #next: Batch | undefined
  #writing: Promise<void> | undefined
  #size = 0
  /** Why nothing is written any more. */
  failure: unknown

  /** `sum` is that of the line before the first. */
  constructor(tail: Promise<Tail>, sum: number) {
    this.#tail = tail
    this.#sum = sum
  }

  /** Characters written. */
  get size(): number {
    return this.#size
  }

  /** For a record that another follows in the same turn, or that nobody waits for. */
  add(record: JournalRecord): Promise<void> {
    const { line, sum } = writeLine(JSON.stringify(record), this.#sum)
    this.#sum = sum
    this.#next ??= batch()
    this.#next.lines.push(line)
    this.#writing ??= this.#write()
    return this.#next.durable
  }

  /** Resolves when nothing is left to write, whatever became of it. */
  async close(): Promise<void> {
    await this.#writing
    const tail = await this.#tail.catch(() => undefined)
    await tail?.close()
  }

  async #write(): Promise<void> {
    await Promise.resolve() // what comes in the same turn is written together
    while (this.#next !== undefined) {
      const { lines, resolve, reject } = this.#next
      this.#next = undefined
      try {
        // What stands after a hole is not read again.
        if (this.failure !== undefined) throw this.failure
        const text = lines.join('')
        await (await this.#tail).append(text)
        this.#size += text.length
        resolve()
      } catch (thrown) {
        this.failure ??= thrown
        reject(thrown)
      }
    }
    this.#writing = undefined
  }
}

function batch(): Batch {
  const { promise: durable, resolve, reject } = withResolvers()
  durable.catch(() => {}) // nobody may wait for it
  return { lines: [], durable, resolve, reject }
}

function withResolvers(): { promise: Promise<void>; resolve: () => void; reject: (reason: unknown) => void } {
  let resolve: () => void = () => {}
  let reject: (reason: unknown) => void = () => {}
  const promise = new Promise<void>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}
