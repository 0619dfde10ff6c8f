import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { createServer as createTLSServer } from 'node:tls'
import type { Certificate } from './certificates.ts'

/** Something on loopback that stands between a client and a server. */
export interface Front extends AsyncDisposable {
  readonly port: number
  /** Connections ever made. */
  readonly connections: number
  /** Resolves when no socket is open. */
  quiet(): Promise<void>
}

/** Sees sockets and writes bytes. */
export function front(handle: (socket: Socket) => void): Promise<Front> {
  return open(createServer(handle))
}

/** Shows a certificate, and hands what is said to the server behind. */
export function tlsFront(certificate: Certificate, portBehind: () => number): Promise<Front> {
  return open(createTLSServer(certificate, (socket) => pass(socket, portBehind())))
}

/** Joins a socket to a port of this machine. */
export function pass(socket: Socket, port: number): void {
  const behind = connect(port, '127.0.0.1')
  behind.on('error', () => socket.destroy())
  socket.on('error', () => behind.destroy())
  socket.on('close', () => behind.destroy())
  behind.on('close', () => socket.destroy())
  socket.pipe(behind).pipe(socket)
}

/** A port on which nobody listens. A connection holds it, so that nobody else can take it meanwhile. */
export async function closedPort(): Promise<AsyncDisposable & { readonly port: number }> {
  const holder = await front(() => undefined)
  const socket = connect(holder.port, '127.0.0.1')
  await once(socket, 'connect')
  return {
    port: socket.localPort!, // it is connected
    async [Symbol.asyncDispose]() {
      socket.destroy()
      await holder[Symbol.asyncDispose]()
    },
  }
}

async function open(server: Server): Promise<Front> {
  const sockets = new Set<Socket>()
  let connections = 0
  let wake = (): void => {}
  server.on('connection', (socket: Socket) => {
    connections++
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      sockets.delete(socket)
      wake()
    })
  })
  server.on('tlsClientError', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port, // it listens on a port
    get connections() {
      return connections
    },
    async quiet() {
      while (sockets.size > 0) await new Promise<void>((resolve) => (wake = resolve))
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
