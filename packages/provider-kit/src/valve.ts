import type { Socket } from 'node:net'

/**
 * Keeps the bytes of a socket from whoever calls its `read()`; once its buffer is full, the server has to wait. undici pauses
 * by stopping its parser instead, and brings the process down when the server closes such a connection (nodejs/undici#5360,
 * mended in its version 8).
 */
export class Valve {
  #socket: Socket | undefined
  #shut = false

  fit(socket: Socket): void {
    const read = socket.read.bind(socket)
    socket.read = (size) => (this.#shut ? null : read(size))
    this.#socket = socket
    this.#shut = false
  }

  shut(): void {
    this.#shut = true
  }

  /** Whoever reads is told that it may go on. */
  open(): void {
    this.#shut = false
    this.#socket?.emit('readable')
  }

  /** For one who is reading just now, and goes on by itself. */
  leaveOpen(): void {
    this.#shut = false
  }
}
