import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTCPServer, type AddressInfo, type Socket } from 'node:net'

export interface TestServer extends AsyncDisposable {
  readonly url: string
  readonly sockets: ReadonlySet<Socket>
  /** Connections ever made. */
  readonly connections: () => number
  /** Resolves when no socket is open. */
  quiet(): Promise<void>
}

export function serve(handle: (request: IncomingMessage, response: ServerResponse) => unknown): Promise<TestServer> {
  return listen(
    createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
      // A body that nobody reads keeps a server from noticing that its client is gone.
      if (request.method === 'POST') setImmediate(() => request.resume())
      void handle(request, response)
    }),
  )
}

/** A server below HTTP: it sees sockets and writes bytes. */
export function serveTCP(handle: (socket: Socket) => void): Promise<TestServer> {
  return listen(createTCPServer(handle) as Server) // only what both kinds of server have is used
}

async function listen(server: Server): Promise<TestServer> {
  const sockets = new Set<Socket>()
  let connections = 0
  let wake = (): void => {}
  server.on('connection', (socket: Socket) => {
    connections++
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => {
      sockets.delete(socket)
      wake()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sockets,
    connections: () => connections,
    async quiet() {
      while (sockets.size > 0) await new Promise<void>((resolve) => (wake = resolve))
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** The error that a promise rejects with. */
export async function failure(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise
  } catch (error) {
    return error as Error
  }
  throw new Error('expected a rejection')
}
