import type { LLMError } from '@wayfare/core'
import type { Dispatcher } from 'undici'
import { AnswerHeaders } from './answer-headers.ts'
import { ByteQueue, type ByteSource } from './byte-queue.ts'
import { Connections, type Connection } from './connections.ts'
import type { Exchange, ExchangeFacts, ExchangeRequest, Stoppable, Transport } from './exchange.ts'
import { cancelled, timedOut } from './failures.ts'
import { errorCode, socketError, type Stage } from './socket-error.ts'
import { tunnel, type Connect } from './tunnel.ts'
import { loadUndici } from './undici.ts'
import { Watch, type Watched } from './watch.ts'

/** The transport on undici's `dispatch`: no fetch, no streams. undici is loaded at the first request. */
export function undiciTransport(base: URL, proxy: URL | undefined): Transport {
  let opening: Promise<Connections> | undefined
  let connections: Connections | undefined
  return {
    async send(request) {
      opening ??= open(base, proxy)
      connections ??= await opening
      const { signal, holder, clock } = request
      if (signal.aborted || holder?.left) throw cancelled(request)
      return begin(request, connections, connections.lease(clock.date().getTime()))
    },
    async close() {
      const made = await opening
      await made?.close()
    },
  }
}

async function open(base: URL, proxy: URL | undefined): Promise<Connections> {
  const { Client, buildConnector } = await loadUndici()
  // Timeouts are ours; undici's are coarse and not on the request's clock. It returns the socket, which its type leaves out.
  const direct = buildConnector({ timeout: 0, allowH2: false }) as unknown as Connect
  return new Connections(Client, new URL(base.origin), proxy === undefined ? direct : tunnel(proxy, direct))
}

/** What is needed until the head of an answer is there. A body may be large: it is not kept for longer. */
interface Opening {
  readonly request: ExchangeRequest
  readonly connections: Connections
  readonly resolve: (exchange: Exchange) => void
  readonly reject: (error: LLMError) => void
}

function begin(request: ExchangeRequest, connections: Connections, connection: Connection): Promise<Exchange> {
  return new Promise((resolve, reject) => {
    new Call({ request, connections, resolve, reject }, connection).begin()
  })
}

/** One request on one connection. */
class Call implements Dispatcher.DispatchHandler, ByteSource, Watched, Stoppable {
  readonly #of: ExchangeFacts
  #opening: Opening | undefined
  readonly #connection: Connection
  readonly #watch: Watch
  readonly #queue = new ByteQueue(this)
  #controller: Dispatcher.DispatchController | undefined
  #stage: Stage = 'connect'
  #reused = false
  #keepMs = 0
  #over = false
  #closed: Promise<void> | undefined

  constructor(opening: Opening, connection: Connection) {
    const { signal, clock, timeout, facts } = opening.request
    this.#of = { signal, clock, timeout, facts }
    this.#opening = opening
    this.#connection = connection
    this.#watch = new Watch(clock, this)
  }

  begin(): void {
    const { path, method, headers, body = null, holder } = this.#opening!.request
    this.#of.signal.addEventListener('abort', this)
    holder?.hold(this)
    this.#watch.arm(this.#of.timeout.connectMs)
    this.#connection.client.dispatch({ path, method, headers, body }, this)
  }

  /** Of the signal. */
  handleEvent(): void {
    this.#stop(cancelled(this.#of))
  }

  expired(): void {
    this.#stop(timedOut(this.#of, this.#stage))
  }

  waiting(yes: boolean): void {
    if (this.#over) return
    if (yes) this.#watch.arm(this.#of.timeout.idleMs)
    else this.#watch.disarm()
  }

  pause(): void {
    this.#connection.pause()
  }

  resume(): void {
    // What a reader still takes may be the answer of a connection that serves another by now.
    if (!this.#over) this.#connection.resume()
  }

  async stop(): Promise<void> {
    if (!this.#over) this.#stop(cancelled(this.#of))
    await this.#closed
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#over) return controller.abort(new Error('the request is over'))
    this.#stage = 'headers'
    this.#reused = this.#connection.started()
    this.#watch.arm(this.#of.timeout.firstByteMs)
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    if (this.#over || status < 200) return
    // They were parsed, and would keep the whole first read alive as long as the answer lasts.
    controller.rawHeaders = null
    this.#stage = 'body'
    this.#watch.disarm()
    const answered = new AnswerHeaders(headers)
    this.#keepMs = keepAliveMs(answered.get('keep-alive'))
    this.#opening?.resolve({ status, headers: answered, body: this.#queue })
    this.#opening = undefined
  }

  onResponseData(_: unknown, chunk: Uint8Array): void {
    this.#queue.push(chunk)
  }

  onResponseEnd(): void {
    if (this.#over) return
    this.#finish()
    this.#connection.release(this.#of.clock.date().getTime() + this.#keepMs)
    this.#queue.end()
  }

  onResponseError(_: unknown, cause: Error): void {
    if (this.#over) return
    const opening = this.#opening
    const stale = this.#reused && this.#stage === 'headers' && DIED.has(errorCode(cause) ?? '')
    if (!stale || opening === undefined) return this.#fail(socketError(cause, this.#stage, this.#of.facts))
    // A server may close an idle connection just as a request takes it. It never saw that request.
    this.#finish()
    void this.#connection.destroy()
    new Call(opening, opening.connections.fresh()).begin()
  }

  /** Ends the exchange from this side. */
  #stop(error: LLMError): void {
    if (this.#over) return
    this.#fail(error)
    this.#controller?.abort(error)
  }

  #fail(error: LLMError): void {
    this.#finish()
    this.#closed = this.#connection.destroy()
    this.#opening?.reject(error)
    this.#opening = undefined
    this.#queue.fail(error)
  }

  #finish(): void {
    this.#over = true
    this.#watch.clear()
    this.#of.signal.removeEventListener('abort', this)
  }
}

/** How the death of an idle connection shows. */
const DIED: ReadonlySet<string> = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'])

/** How long an idle connection is good for, as the server says; undici closes it a little earlier. */
function keepAliveMs(header: string | undefined): number {
  const seconds = /timeout=(\d+)/.exec(header ?? '')?.[1]
  return seconds === undefined ? 4_000 : Math.min(Number(seconds), 600) * 1_000
}
