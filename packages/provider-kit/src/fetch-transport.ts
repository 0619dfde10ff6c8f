import type { LLMError } from '@wayfare/core'
import { AnswerHeaders } from './answer-headers.ts'
import { ByteQueue, type ByteSource } from './byte-queue.ts'
import type { Exchange, ExchangeRequest, Stoppable, Transport } from './exchange.ts'
import { cancelled, timedOut } from './failures.ts'
import { socketError, type Stage } from './socket-error.ts'
import { Watch, type Watched } from './watch.ts'

/** The transport on a `fetch` that the user brings. It cannot see when a connection stands: the first byte's timer covers it. */
export function fetchTransport(fetch: typeof globalThis.fetch): Transport {
  return {
    async send(request) {
      if (request.signal.aborted || request.holder?.left) throw cancelled(request)
      return new Call(request).begin(fetch)
    },
    close: async () => {},
  }
}

/** One request by fetch. */
class Call implements ByteSource, Watched, Stoppable {
  readonly #request: ExchangeRequest
  readonly #watch: Watch
  readonly #queue = new ByteQueue(this)
  readonly #controller = new AbortController()
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined
  #pulling = false
  #stage: Stage = 'headers'
  /** Gives up waiting for the head of the answer. */
  #reject: ((error: LLMError) => void) | undefined
  #stopped: LLMError | undefined
  #over = false

  constructor(request: ExchangeRequest) {
    this.#request = request
    this.#watch = new Watch(request.clock, this)
  }

  async begin(fetch: typeof globalThis.fetch): Promise<Exchange> {
    const { signal, holder, timeout, facts } = this.#request
    signal.addEventListener('abort', this)
    holder?.hold(this)
    this.#watch.arm(timeout.firstByteMs)
    const failed = new Promise<never>((_, reject) => (this.#reject = reject))
    try {
      return this.#opened(await Promise.race([this.#ask(fetch), failed]))
    } catch (error) {
      this.#finish()
      throw this.#stopped ?? socketError(error, this.#stage, facts)
    }
  }

  /** Of the signal. */
  handleEvent(): void {
    this.#stop(cancelled(this.#request))
  }

  expired(): void {
    this.#stop(timedOut(this.#request, this.#stage))
  }

  waiting(yes: boolean): void {
    if (!yes) return this.#watch.disarm()
    this.#watch.arm(this.#request.timeout.idleMs)
    void this.#pull()
  }

  // Nothing is pulled that nobody waits for.
  pause(): void {}
  resume(): void {}

  async stop(): Promise<void> {
    if (!this.#over) this.#stop(cancelled(this.#request))
    await this.#reader?.cancel().catch(() => {})
  }

  #ask(fetch: typeof globalThis.fetch): Promise<Response> {
    const { method, url, headers, body = null } = this.#request
    // Copies: a fetch may change what it is given, and the originals are those of the next request, too.
    const copy = { ...headers }
    const { signal } = this.#controller
    return fetch(new URL(url), { method, headers: copy, body, redirect: 'manual', signal })
  }

  #opened(response: Response): Exchange {
    this.#stage = 'body'
    this.#watch.disarm()
    this.#reject = undefined
    this.#reader = response.body?.getReader()
    // A browser hides what it refused to follow.
    const status = response.type === 'opaqueredirect' ? 302 : response.status
    // What a fetch hands out is unpacked already.
    const headers = { ...Object.fromEntries(response.headers), 'content-encoding': undefined }
    return { status, headers: new AnswerHeaders(headers), body: this.#queue }
  }

  async #pull(): Promise<void> {
    if (this.#pulling) return
    this.#pulling = true
    try {
      const next = await this.#reader?.read()
      this.#pulling = false
      if (next === undefined || next.done) {
        this.#finish()
        this.#queue.end()
      } else if (next.value.length > 0) this.#queue.push(next.value)
      else await this.#pull()
    } catch (error) {
      this.#finish()
      // When it was stopped, the queue has failed with the reason for that.
      this.#queue.fail(socketError(error, this.#stage, this.#request.facts))
    }
  }

  /** Ends the exchange from this side. */
  #stop(error: LLMError): void {
    if (this.#over) return
    this.#stopped = error
    this.#finish()
    this.#controller.abort(error)
    // Not every fetch looks at its signal, and some that unpack a body never say that they were aborted.
    this.#reject?.(error)
    this.#queue.fail(error)
  }

  #finish(): void {
    this.#over = true
    this.#watch.clear()
    this.#request.signal.removeEventListener('abort', this)
  }
}
