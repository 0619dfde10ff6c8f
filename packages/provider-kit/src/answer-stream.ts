import { LLMError, type ProviderEvent } from '@wayfare/core'
import type { Decoder } from './decoder.ts'
import { drain } from './drain.ts'
import type { ByteReader, ByteStream, Holder, Stoppable } from './exchange.ts'
import type { TransportClock } from './transport-clock.ts'

/** A successful answer, and what reads it. */
export interface Opened {
  readonly body: ByteStream
  readonly decoder: Decoder
}

type Result = IteratorResult<readonly ProviderEvent[]>

const DONE: Result = { done: true, value: undefined }

/**
 * The events of one answer, those of one network read together: one promise for each read, from the socket to the caller.
 * Nothing is sent before the first pull. Leaving closes the connection at once, whatever is awaited.
 */
export class AnswerStream implements AsyncIterableIterator<readonly ProviderEvent[]>, ByteReader, Holder {
  left = false
  readonly #clock: TransportClock | undefined
  #open: ((holder: Holder) => Promise<Opened>) | undefined
  #call: Stoppable | undefined
  #body: ByteStream | undefined
  #decoder: Decoder | undefined
  #heard = false
  /** Why it has ended, until somebody was told. */
  #failure: { readonly error: unknown } | undefined
  #closing: Promise<unknown> | undefined
  #pull: Promise<Result> | undefined
  #resolve: ((result: Result) => void) | undefined
  #reject: ((error: unknown) => void) | undefined

  /** `clock`: for a body whose connection can be used again, which is worth a little patience at its end. */
  constructor(open: (holder: Holder) => Promise<Opened>, clock?: TransportClock) {
    this.#open = open
    this.#clock = clock
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<Result> {
    // Who pulls before the last pull was answered comes after it.
    if (this.#resolve !== undefined) return this.#pull!.then(() => this.next())
    this.#pull = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    if (this.#body !== undefined) this.ready()
    else void this.#begin()
    return this.#pull
  }

  async return(): Promise<Result> {
    this.left = true
    const closing = this.#body?.return() ?? this.#call?.stop() ?? this.#closing
    this.#end()
    this.#failure = undefined
    this.#settle(DONE)
    await closing
    return DONE
  }

  hold(call: Stoppable): void {
    this.#call = call
  }

  /** Reads all that has come, and waits for more when it says nothing. */
  ready(): void {
    const body = this.#body
    const decoder = this.#decoder
    if (body === undefined || decoder === undefined) return
    let out: ProviderEvent[] | undefined
    try {
      for (;;) {
        const bytes = take(body, decoder)
        if (bytes === 'later') return this.#handOut(body, out)
        out ??= []
        if (bytes === 'over') break
        this.#heard = true
        decoder.feed(bytes, out)
        if (decoder.state === 'finished') break
      }
      if (!this.#heard) throw decoder.empty()
      decoder.end(out)
    } catch (error) {
      return this.#fail(error, out ?? [])
    }
    this.#closing = this.#finish(body, out)
  }

  #handOut(body: ByteStream, out: readonly ProviderEvent[] | undefined): void {
    if (out === undefined || out.length === 0) body.wait(this)
    else this.#settle({ done: false, value: out })
  }

  async #begin(): Promise<void> {
    const open = this.#open
    this.#open = undefined
    if (open === undefined) return this.#over()
    try {
      const { body, decoder } = await open(this)
      this.#call = undefined
      if (this.left) return void closed(body)
      this.#body = body
      this.#decoder = decoder
    } catch (error) {
      return this.#fail(error, [])
    }
    this.ready()
  }

  /** The answer is complete. When its body ends here, too, the connection can be used again. */
  async #finish(body: ByteStream, out: readonly ProviderEvent[]): Promise<void> {
    this.#end()
    if (this.#clock !== undefined) await drain(body, this.#clock)
    await closed(body)
    this.#settle(out.length > 0 ? { done: false, value: out } : DONE)
  }

  /** What came before a failure was still received, and is paid for: it goes first. */
  #fail(error: unknown, out: readonly ProviderEvent[]): void {
    this.#closing = this.#body === undefined ? undefined : closed(this.#body)
    this.#end()
    if (this.left) return
    this.#failure = { error }
    if (out.length > 0) this.#settle({ done: false, value: out })
    else void this.#over()
  }

  /** Nothing is left but to say how it ended. */
  async #over(): Promise<void> {
    await this.#closing
    const failure = this.#failure
    this.#failure = undefined
    if (failure === undefined) return this.#settle(DONE)
    const reject = this.#reject
    this.#resolve = undefined
    this.#reject = undefined
    reject?.(failure.error)
  }

  #settle(result: Result): void {
    const resolve = this.#resolve
    this.#resolve = undefined
    this.#reject = undefined
    resolve?.(result)
  }

  #end(): void {
    this.#open = undefined
    this.#call = undefined
    this.#body = undefined
    this.#decoder = undefined
  }
}

/** Why it will not close is of no interest beside why it is closed. */
function closed(body: ByteStream): Promise<unknown> {
  return body.return().catch(() => {})
}

/** Once the answer is complete, a break is as good as an end: only its farewell is missing. */
function take(body: ByteStream, decoder: Decoder): Uint8Array | 'later' | 'over' {
  try {
    return body.take()
  } catch (error) {
    if (decoder.state === 'open' || !isBreak(error)) throw error
    return 'over'
  }
}

function isBreak(error: unknown): boolean {
  return (
    LLMError.is(error) && (error.kind === 'stream_truncated' || (error.kind === 'timeout' && error.phase === 'idle'))
  )
}
