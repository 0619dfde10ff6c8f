/// <reference lib="esnext.disposable" preserve="true" />
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Reply, WireName } from './reply.ts'
import type { Replier, EmulatedRequest } from './request.ts'
import { Script } from './script.ts'
import { serve } from './serve.ts'
import { wires } from './wires.ts'

export interface EmulatorOptions {
  /** Default 0: a free port. */
  readonly port?: number | undefined
  /** Whether a request that its vendor would refuse is refused. Default true. */
  readonly validate?: boolean | undefined
  /** The keys that are accepted. Default: any that is not empty. */
  readonly keys?: readonly string[] | undefined
}

export interface Emulator extends AsyncDisposable {
  /** `http://127.0.0.1:PORT` */
  readonly url: string
  /** What a client of the wire takes as its base URL, version included. */
  baseURL(wire: WireName): string
  /**
   * Replies for the next requests of a wire, in order. An `Answer` waits for a chat request; a `Failure` or a `Raw`
   * meets whichever request comes next. A request that is refused by a rule takes no reply.
   */
  enqueue(wire: WireName, ...replies: Reply[]): void
  /** Asked for every request that the queue has nothing for. Undefined: the default reply. Replaces the previous one. */
  answer(wire: WireName, replier: Replier): void
  /** Everything received, oldest first. */
  readonly requests: readonly EmulatedRequest[]
  /** Connections that are open now, idle ones included. */
  readonly openSockets: number
  /** Forgets replies, repliers and requests. Connections stay. */
  reset(): void
  /** Closes every connection and the port. Resolves when nothing is left. */
  close(): Promise<void>
}

/** Starts a server on 127.0.0.1 that speaks the wires of the vendors. Rejects when the port is taken. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const script = new Script()
  const sockets = new Set<Socket>()
  const running = new Set<Promise<void>>()
  let closing: Promise<void> | undefined
  const server = createServer({ maxHeaderSize: 65_536, keepAliveTimeout: 0 })
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    // A reset by the client is not the emulator's failure.
    socket.on('error', () => undefined)
  })
  server.on('request', (message: IncomingMessage, response: ServerResponse) => {
    const run = serve(message, response, {
      script,
      validate: options.validate ?? true,
      keys: options.keys,
      closing: () => closing !== undefined,
    })
      .catch((error: unknown) => unplayable(response, error))
      .finally(() => running.delete(run))
    running.add(run)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    // A thousand clients may come at once.
    server.listen(options.port ?? 0, '127.0.0.1', 4_096, resolve)
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const url = `http://127.0.0.1:${port}`
  const close = (): Promise<void> => {
    closing ??= new Promise<void>((resolve) => {
      server.close(() => resolve())
      for (const socket of sockets) socket.destroy()
    }).then(async () => {
      await Promise.all(running)
    })
    return closing
  }
  return {
    url,
    baseURL: (wire) => url + wires[wire].basePath,
    enqueue: (wire, ...replies) => script.enqueue(wire, replies),
    answer: (wire, replier) => script.answer(wire, replier),
    get requests() {
      return script.requests
    },
    get openSockets() {
      return sockets.size
    },
    reset: () => script.reset(),
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** A script that cannot be played, such as a header with a line break, shows in the response and breaks nothing else. */
function unplayable(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  const text = `the emulator cannot play this: ${error instanceof Error ? error.message : String(error)}`
  // The length must be said: the refused head may have left another one behind.
  response.writeHead(500, { 'content-type': 'text/plain', 'content-length': Buffer.byteLength(text) })
  response.end(text)
}
