import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'

/** Sees every socket that this thread opens as a client, from the client's own side. */
export class ClientSockets implements Disposable {
  readonly #sockets: Socket[] = []
  readonly #seen = (message: unknown): void => {
    this.#sockets.push((message as { socket: Socket }).socket) // what node publishes on this channel
  }

  constructor() {
    subscribe('net.client.socket', this.#seen)
  }

  get opened(): number {
    return this.#sockets.length
  }

  get open(): number {
    return this.#sockets.filter((socket) => !socket.destroyed).length
  }

  [Symbol.dispose](): void {
    unsubscribe('net.client.socket', this.#seen)
  }
}
