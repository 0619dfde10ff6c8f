import type { ChatEvent, ChatResponse, ChatStream } from './contract/response.ts'
import type { AnyToolCall } from './contract/tool.ts'
import type { Engine } from './engine.ts'
import { LLMError } from './error.ts'
import { forget, watchOver } from './abandoned.ts'
import { Channel } from './channel.ts'
import type { CallDraft } from './resolve.ts'
import { CallRun } from './run.ts'
import type { Reader } from './run.ts'
import { none, withOne } from './short-list.ts'
import { TextReader } from './text-reader.ts'
import { makeWaiter } from './waiter.ts'
import type { Waiter } from './waiter.ts'

type Batch = readonly ChatEvent[]

type Next = IteratorResult<ChatEvent, undefined>

const done: IteratorReturnResult<undefined> = { done: true, value: undefined }
const nothing: Batch = []

/**
 * Hands out the events of one call. A reader pulls them through; `response()` pulls what nobody reads, and keeps it for a
 * reader that comes late.
 */
class CallStream implements ChatStream {
  /** Shared with the run, which must not know its stream: one that nobody holds any more could not be collected. */
  readonly #reader: Reader = { face: undefined }
  readonly #run: CallRun
  readonly #channel: Channel<Batch>
  #begun = false
  #batch: Batch = nothing
  #at = 0
  /** Pulled by `response()` while the reader was busy elsewhere, or not there yet. */
  #queue: Batch[] = []
  #draining = false
  #ended = false
  #errorTold = false
  #waiters: Waiter<ChatResponse>[] = []
  /** Who called `next()` and waits for what it brings. */
  #askers: readonly Waiter<Next>[] = none
  #closing: Promise<void> | undefined

  constructor(engine: Engine, draft: CallDraft) {
    const run = new CallRun(engine, draft, this.#reader)
    this.#run = run
    this.#channel = new Channel((out) => run.run(out))
  }

  [Symbol.asyncIterator](): AsyncIterator<ChatEvent, undefined> {
    this.#claim('events')
    return { next: () => this.#next(), return: () => this.#leave() }
  }

  get textStream(): AsyncIterable<string> {
    return {
      [Symbol.asyncIterator]: (): AsyncIterator<string, undefined> => {
        this.#claim('text')
        return new TextReader({
          next: () => this.#next(),
          leave: () => this.#leave(),
          told: () => {
            this.#errorTold = true
          },
        })
      },
    }
  }

  response(): Promise<ChatResponse> {
    const waiter = makeWaiter<ChatResponse>()
    this.#waiters.push(waiter)
    if (this.#ended) this.#answer()
    else this.#drain()
    return waiter.promise
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #claim(face: 'events' | 'text'): void {
    if (this.#reader.face !== undefined)
      throw new LLMError('config', 'this stream has a reader already; start another call for a second one')
    this.#reader.face = face
    if (face === 'text') this.#forgetVoid()
  }

  /** Text cannot say `reset`: what was taken back before it was read is not shown at all. */
  #forgetVoid(): void {
    const reset = this.#queue.findLastIndex((batch) => batch.some((event) => event.type === 'reset'))
    if (reset !== -1) this.#queue.splice(0, reset)
  }

  #next(): Promise<Next> {
    const event = this.#askers.length === 0 ? this.#shift() : undefined
    // The events of one read are handed out one by one without another wait.
    if (event !== undefined) return Promise.resolve({ done: false, value: event })
    const asker = makeWaiter<Next>()
    this.#askers = withOne(this.#askers, asker)
    if (this.#ended) this.#dismiss()
    else this.#pull()
    return asker.promise
  }

  /** The next event that is here already. What was handed out is kept no longer: a stream may be silent for long. */
  #shift(): ChatEvent | undefined {
    while (this.#at === this.#batch.length) {
      this.#at = 0
      this.#batch = nothing
      if (this.#queue.length === 0) return undefined
      this.#batch = this.#queue.shift()!
    }
    return this.#batch[this.#at++]
  }

  /** In the order in which they asked, however many asked at once. */
  #serve(): void {
    const askers = this.#askers
    let served = 0
    for (const { resolve } of askers) {
      const event = this.#shift()
      if (event === undefined) break
      served++
      resolve({ done: false, value: event })
    }
    this.#askers = served === askers.length ? none : askers.slice(served)
    if (this.#askers.length > 0) this.#pull()
  }

  /** Nothing more will come: the error belongs to the loop, once. */
  #dismiss(): void {
    const askers = this.#askers
    this.#askers = none
    for (const { resolve, reject } of askers) {
      if (this.#run.response !== undefined || this.#errorTold) resolve(done)
      else {
        this.#errorTold = true
        reject(this.#error())
      }
    }
  }

  async #leave(): Promise<IteratorReturnResult<undefined>> {
    this.#errorTold = true
    await this.close()
    this.#drop()
    return done
  }

  /** Asks for one batch; whoever comes meanwhile waits for the same one. */
  #pull(): void {
    if (!this.#begun) {
      this.#begun = true
      watchOver(this, this.#run.guard, this.#channel)
    }
    this.#channel.take(this.#receive)
  }

  readonly #receive = (batch: Batch | undefined): void => {
    if (batch === undefined) return this.#finish()
    // Whoever asks has nothing left to read before it.
    if (this.#askers.length === 0) this.#queue.push(batch)
    else {
      this.#batch = batch
      this.#at = 0
      this.#serve()
    }
    if (this.#draining) this.#pull()
  }

  #drain(): void {
    this.#draining = true
    this.#pull()
  }

  #finish(): void {
    if (this.#ended) return
    this.#ended = true
    forget(this)
    this.#dismiss()
    this.#answer()
  }

  #answer(): void {
    const { response } = this.#run
    for (const waiter of this.#waiters) {
      // While there is a reader the error is the reader's, and nobody need catch it twice.
      if (this.#reader.face !== undefined) waiter.promise.catch(() => {})
      if (response === undefined) waiter.reject(this.#error())
      else waiter.resolve(response)
    }
    this.#waiters = []
  }

  async #close(): Promise<void> {
    if (this.#ended) return
    this.#run.guard.cut(new LLMError('cancelled', 'the stream was closed before its end'))
    await this.#channel.leave()
    // The last events of a call that has answered are still to be read: an answer has its finish.
    if (this.#run.response === undefined) this.#drop()
    this.#finish()
  }

  #drop(): void {
    this.#batch = nothing
    this.#at = 0
    this.#queue = []
  }

  /** A stream that was closed before its first pull never ran; what cut it is then its error. */
  #error(): LLMError | undefined {
    return this.#run.error ?? this.#run.guard.reason
  }
}

/** The stream of a call; its tools and its output decide C and O. */
export function openStream<C extends AnyToolCall, O>(engine: Engine, draft: CallDraft): ChatStream<C, O> {
  return new CallStream(engine, draft) as unknown as ChatStream<C, O> // checked by resolveCall and answer, which the types describe
}
