import type { LLMError } from '@wayfare/core'
import type { Dispatcher } from 'undici'
import { ByteQueue, type ByteSource } from './byte-queue.ts'
import { Connections, type Connection } from './connections.ts'
import type { Exchange, ExchangeRequest, Stoppable, Transport } from './exchange.ts'
import { cancelled, timedOut } from './failures.ts'
import { errorCode, socketError, type Stage } from './socket-error.ts'
import { tunnel, type Connect } from './tunnel.ts'
import { Watch, type Watched } from './watch.ts'

/** The transport on undici's `dispatch`: no fetch, no streams. undici is loaded at the first request. */
export function undiciTransport(origin: string, proxy: URL | undefined): Transport {
  let opening: Promise<Connections> | undefined
  return {
    async send(request) {
      opening ??= open(origin, proxy)
      const connections = await opening
      if (request.signal.aborted || request.holder?.left) throw cancelled(request)
      try {
        return await new Call(request, connections.lease(request.clock.date().getTime())).head
      } catch (error) {
        // A server may close an idle connection just as a request takes it. It never saw that request.
        if (error instanceof Stale) return new Call(request, connections.fresh()).head
        throw error
      }
    },
    async close() {
      const connections = await opening
      await connections?.close()
    },
  }
}

async function open(origin: string, proxy: URL | undefined): Promise<Connections> {
  const { Client, buildConnector } = await import('undici')
  // Timeouts are ours; undici's are coarse and not on the request's clock. It returns the socket, which its type leaves out.
  const direct = buildConnector({ timeout: 0, allowH2: false }) as unknown as Connect
  return new Connections(Client, origin, proxy === undefined ? direct : await tunnel(proxy, direct))
}

/** A reused connection died before the first byte of an answer. */
class Stale extends Error {}

/** One request on one connection. */
class Call implements Dispatcher.DispatchHandler, ByteSource, Watched, Stoppable {
  readonly head: Promise<Exchange>
  readonly #request: ExchangeRequest
  readonly #connection: Connection
  readonly #watch: Watch
  readonly #queue = new ByteQueue(this)
  #resolve: ((exchange: Exchange) => void) | undefined
  #reject: ((error: unknown) => void) | undefined
  #controller: Dispatcher.DispatchController | undefined
  #stage: Stage = 'connect'
  #reused = false
  #keepMs = 0
  #over = false
  #closed: Promise<void> | undefined

  constructor(request: ExchangeRequest, connection: Connection) {
    this.#request = request
    this.#connection = connection
    this.#watch = new Watch(request.clock, this)
    this.head = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    request.signal.addEventListener('abort', this)
    request.holder?.hold(this)
    this.#watch.arm(request.timeout.connectMs)
    const { url, method, headers, body = null } = request
    const { origin, pathname, search } = url
    connection.client.dispatch({ origin, path: pathname + search, method, headers, body }, this)
  }

  /** Of the signal. */
  handleEvent(): void {
    this.#stop(cancelled(this.#request))
  }

  expired(): void {
    this.#stop(timedOut(this.#request, this.#stage))
  }

  waiting(yes: boolean): void {
    if (this.#over) return
    if (yes) this.#watch.arm(this.#request.timeout.idleMs)
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
    if (!this.#over) this.#stop(cancelled(this.#request))
    await this.#closed
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#over) return controller.abort(new Error('the request is over'))
    this.#stage = 'headers'
    this.#reused = this.#connection.started()
    this.#watch.arm(this.#request.timeout.firstByteMs)
  }

  onResponseStart(_: unknown, status: number, headers: Readonly<Record<string, string | string[] | undefined>>): void {
    if (this.#over || status < 200) return
    this.#stage = 'body'
    this.#watch.disarm()
    const map = toMap(headers)
    this.#keepMs = keepAliveMs(map.get('keep-alive'))
    this.#resolve?.({ status, headers: map, body: this.#queue })
    this.#resolve = undefined
    this.#reject = undefined
  }

  onResponseData(_: unknown, chunk: Uint8Array): void {
    this.#queue.push(chunk)
  }

  onResponseEnd(): void {
    if (this.#over) return
    this.#finish()
    this.#connection.release(this.#request.clock.date().getTime() + this.#keepMs)
    this.#queue.end()
  }

  onResponseError(_: unknown, cause: Error): void {
    if (this.#over) return
    const stale = this.#reused && this.#stage === 'headers' && DIED.has(errorCode(cause) ?? '')
    this.#fail(stale ? new Stale('stale connection') : socketError(cause, this.#stage, this.#request.facts))
  }

  /** Ends the exchange from this side. */
  #stop(error: LLMError): void {
    if (this.#over) return
    this.#fail(error)
    this.#controller?.abort(error)
  }

  #fail(error: Error): void {
    this.#finish()
    this.#closed = this.#connection.destroy()
    this.#reject?.(error)
    if (!(error instanceof Stale)) this.#queue.fail(error as LLMError) // the only other errors made here
  }

  #finish(): void {
    this.#over = true
    this.#watch.clear()
    this.#request.signal.removeEventListener('abort', this)
  }
}

/** How the death of an idle connection shows. */
const DIED: ReadonlySet<string> = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'])

/** How long an idle connection is good for, as the server says; undici closes it a little earlier. */
function keepAliveMs(header: string | undefined): number {
  const seconds = /timeout=(\d+)/.exec(header ?? '')?.[1]
  return seconds === undefined ? 4_000 : Math.min(Number(seconds), 600) * 1_000
}

function toMap(headers: Readonly<Record<string, string | string[] | undefined>>): Map<string, string> {
  const map = new Map<string, string>()
  for (const name of Object.keys(headers)) {
    const value = headers[name]
    if (value !== undefined) map.set(name.toLowerCase(), typeof value === 'string' ? value : value.join(', '))
  }
  return map
}
