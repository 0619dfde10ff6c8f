import { jsonSchema } from '@wayfare/core'
import type { ChatCall, ChatEvent, ChatResponse, ChatStream, CompleteCall, Router } from '@wayfare/core'
import type { SimClock } from './clock.ts'
import { EventLaw } from './event-law.ts'
import type { CallSpec } from './scene.ts'

/** As much of a router as the consumers use. */
export type Calls = Pick<Router, 'on' | 'close'> & {
  stream(call: ChatCall): ChatStream
  complete(call: CompleteCall): Promise<ChatResponse>
}

export interface Consumed {
  readonly spec: CallSpec
  readonly law: EventLaw
  /** Whether the reader came to the end of what it reads, without an error. */
  ended: boolean
  /** What the reader caught. */
  error: unknown
  /** By `response()`, or by `complete()`. */
  response: ChatResponse | undefined
  /** What `response()` rejected with in the end. */
  failure: unknown
  /** When the first pull may have been, and when the reader was through. */
  from: number
  to: number
  /** Spent by the reader on other things. */
  pausedMs: number
  listeners: number
  done: boolean
}

/** What a reader throws of its own. */
export const own = new Error('a mistake of the reader')

const tools = { look: { inputSchema: jsonSchema({ type: 'object' }) } }
const noop = (): void => {}

/** Makes one call and reads it, as its specification says. Resolves when nothing of it is left to wait for. */
export async function consume(calls: Calls, spec: CallSpec, index: number, clock: SimClock): Promise<Consumed> {
  const consumed: Consumed = {
    spec,
    law: new EventLaw(),
    ended: false,
    error: undefined,
    response: undefined,
    failure: undefined,
    from: 0,
    to: 0,
    pausedMs: 0,
    listeners: 0,
    done: false,
  }
  await clock.sleep(spec.at)
  const { controller, listeners } = counted()
  if (spec.abortedBefore) controller.abort()
  const call: ChatCall = {
    ...spec.options,
    messages: `call ${index}${'.'.repeat(index * 20)}`,
    signal: controller.signal,
    ...(spec.tools && { tools }),
    ...(spec.output && { output: jsonSchema({}) }),
  }
  consumed.from = clock.now()
  if (spec.reader === 'complete') await complete(calls, call, consumed, controller, clock)
  else await new Consumption(calls.stream(call), consumed, controller, clock).run()
  consumed.listeners = controller.signal.aborted ? 0 : listeners()
  consumed.done = true
  return consumed
}

async function complete(
  calls: Calls,
  call: ChatCall,
  consumed: Consumed,
  controller: AbortController,
  clock: SimClock,
): Promise<void> {
  const { leave, timed = [] } = consumed.spec
  let seen = 0
  const onEvent = (event: ChatEvent): void => {
    consumed.law.see(event)
    if (++seen !== leave?.after) return
    if (leave.by === 'abort' || leave.by === 'close') controller.abort()
    else throw own
  }
  const timers = timed.filter(({ by }) => by === 'abort').map(({ atMs }) => clock.timer(atMs, () => controller.abort()))
  try {
    consumed.response = await calls.complete({ ...call, onEvent })
    consumed.ended = true
  } catch (error) {
    consumed.error = error
    consumed.failure = error
  }
  for (const timer of timers) timer.clear()
  consumed.to = clock.now()
}

class Consumption {
  readonly #stream: ChatStream
  readonly #consumed: Consumed
  readonly #controller: AbortController
  readonly #clock: SimClock
  readonly #asked: Promise<unknown>[] = []
  #reading = false
  #left = false
  #seen = 0

  constructor(stream: ChatStream, consumed: Consumed, controller: AbortController, clock: SimClock) {
    this.#stream = stream
    this.#consumed = consumed
    this.#controller = controller
    this.#clock = clock
  }

  async run(): Promise<void> {
    const { spec } = this.#consumed
    const timers = (spec.timed ?? []).map(({ atMs, by }) => this.#clock.timer(atMs, () => this.#do(by)))
    for (const at of spec.responses ?? []) if (at === 0) this.#ask()
    if (spec.comesAfterMs !== undefined) {
      await this.#clock.sleep(spec.comesAfterMs)
      this.#consumed.pausedMs += spec.comesAfterMs
    }
    if (spec.reader === 'response') this.#ask()
    else if (spec.reader !== 'nobody') await this.#read()
    await Promise.allSettled(this.#asked)
    this.#consumed.to = this.#clock.now()
    // A call that nobody pulls has no end of its own.
    await this.#stream.close()
    for (const timer of timers) timer.clear()
    await this.#conclude()
  }

  async #read(): Promise<void> {
    const { spec, law } = this.#consumed
    this.#reading = true
    if (spec.reader === 'text') {
      await this.#readAll(this.#stream.textStream[Symbol.asyncIterator](), (text) => law.seeText(text))
    } else await this.#readAll(this.#stream[Symbol.asyncIterator](), (event) => law.see(event))
  }

  async #readAll<T>(iterator: AsyncIterator<T, undefined>, see: (item: T) => void): Promise<void> {
    const consumed = this.#consumed
    const { width = 1 } = consumed.spec
    while (!consumed.ended && consumed.error === undefined && !this.#left) {
      const results = await Promise.allSettled(Array.from({ length: width }, () => iterator.next()))
      for (const result of results) {
        if (this.#left) break
        if (result.status === 'rejected') {
          consumed.error ??= result.reason
          continue
        }
        if (result.value.done) {
          consumed.ended = consumed.error === undefined
          continue
        }
        if (consumed.ended || consumed.error !== undefined)
          consumed.law.violations.push('events: something comes after the end')
        see(result.value.value)
        await this.#afterItem(iterator)
      }
    }
    // Who never said goodbye may still get what was kept for it.
    if (this.#left && consumed.spec.leave?.by === 'abandon') return
    const after = await iterator.next().catch(noop)
    if (after?.done !== true) consumed.law.violations.push('events: what has ended goes on')
  }

  async #afterItem(iterator: AsyncIterator<unknown>): Promise<void> {
    const consumed = this.#consumed
    const { pausesMs = [], leave, responses = [] } = consumed.spec
    const pauseMs = pausesMs[this.#seen % pausesMs.length] ?? 0
    this.#seen++
    for (const at of responses) if (at === this.#seen) this.#ask()
    if (pauseMs > 0) {
      await this.#clock.sleep(pauseMs)
      consumed.pausedMs += pauseMs
    }
    if (this.#seen !== leave?.after) return
    if (leave.by === 'abort' || leave.by === 'close') {
      this.#do(leave.by)
      return
    }
    this.#left = true
    if (leave.by === 'abandon') {
      // Nobody pulls any more, and somebody cleans up later.
      await this.#clock.sleep(5_000)
      consumed.pausedMs += 5_000
      await this.#stream.close()
      return
    }
    await iterator.return?.()
    if (leave.by === 'throw') consumed.error = own
  }

  #do(what: 'abort' | 'close' | 'response'): void {
    if (what === 'abort') this.#controller.abort(new Error('enough'))
    else if (what === 'response') this.#ask()
    else this.#asked.push(this.#stream.close())
  }

  #ask(): void {
    const asked = this.#stream.response()
    this.#asked.push(asked)
    // Beside a reader the error belongs to the reader: nobody need catch it here.
    if (!this.#reading) asked.catch(noop)
  }

  async #conclude(): Promise<void> {
    const consumed = this.#consumed
    const answers = await Promise.allSettled([this.#stream.response(), ...this.#asked])
    const [last] = answers
    if (last?.status === 'fulfilled') consumed.response = last.value as ChatResponse
    else consumed.failure = last?.reason
    for (const answer of answers) {
      if (answer.status === 'fulfilled' && answer.value !== undefined && answer.value !== consumed.response)
        consumed.law.violations.push('response: it is not the same every time')
    }
  }
}

function counted(): { readonly controller: AbortController; readonly listeners: () => number } {
  const controller = new AbortController()
  const { signal } = controller
  let listeners = 0
  const add = signal.addEventListener.bind(signal)
  const remove = signal.removeEventListener.bind(signal)
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    listeners++
    add(...args)
  }
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    listeners--
    remove(...args)
  }
  return { controller, listeners: () => listeners }
}
