import type { buildConnector, Client } from 'undici'
import type { Connect } from './tunnel.ts'
import { Valve } from './valve.ts'

/** A connection, which serves one exchange at a time. */
export class Connection {
  readonly client: Client
  /** Unix milliseconds until when it may wait for its next exchange. */
  until = 0
  /** Exchanges that its socket has served. */
  #served = 0
  readonly #idle: Connection[]
  readonly #valve = new Valve()
  /** Gives up the socket, or the making of it. */
  #making: { destroy(): unknown } | undefined

  constructor(make: typeof Client, origin: URL, connect: Connect, idle: Connection[]) {
    this.#idle = idle
    const connector: buildConnector.connector = (options, callback) => {
      // Destroying a client does not end a connection that is being made.
      this.#making = connect(options, (...made) => {
        const [, socket] = made
        if (socket) this.#valve.fit(socket)
        callback(...made)
      })
    }
    this.client = new make(origin, { connect: connector, headersTimeout: 0, bodyTimeout: 0 })
    this.client.on('disconnect', () => {
      this.#served = 0
      const at = idle.indexOf(this)
      if (at !== -1) idle.splice(at, 1)
    })
  }

  /** Called when an exchange starts; whether its socket had served another one before. */
  started(): boolean {
    return this.#served++ > 0
  }

  /** Takes no more bytes from the server until `resume`. */
  pause(): void {
    this.#valve.shut()
  }

  resume(): void {
    this.#valve.open()
  }

  /** The exchange ended well: the next one may come until the date (Unix milliseconds). */
  release(until: number): void {
    this.#valve.leaveOpen()
    this.until = until
    this.#idle.push(this)
  }

  /** Resolves when the socket is closed. */
  destroy(): Promise<void> {
    if (this.#served === 0) this.#making?.destroy()
    return this.client.destroy()
  }
}

/**
 * The connections of one origin, one exchange on each at a time. Not undici's Pool, because only an own list knows whether the
 * socket under a request is a reused one, and can destroy a connection that is still being made.
 */
export class Connections {
  readonly #make: typeof Client
  readonly #origin: URL
  readonly #connect: Connect
  readonly #idle: Connection[] = []

  constructor(make: typeof Client, origin: URL, connect: Connect) {
    this.#make = make
    this.#origin = origin
    this.#connect = connect
  }

  /** The connection used last that is still good at the date (Unix milliseconds), else one that no request has used. */
  lease(now: number): Connection {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      if (now < idle.until) return idle
      // undici's own timer does not know how long the machine was asleep.
      void idle.client.destroy()
    }
    return this.fresh()
  }

  /** A connection that no request has used. */
  fresh(): Connection {
    return new Connection(this.#make, this.#origin, this.#connect, this.#idle)
  }

  /** Closes what is idle; exchanges that run go on. */
  async close(): Promise<void> {
    await Promise.all(this.#idle.splice(0).map((connection) => connection.client.destroy()))
  }
}
