import type { buildConnector, Client, Dispatcher } from 'undici'
import type { Connect } from './tunnel.ts'
import { Valve } from './valve.ts'

/** A connection lent to one exchange. */
export interface Lease {
  readonly dispatcher: Dispatcher
  /** Called when a request starts; whether its socket had served another one before. */
  started(): boolean
  /** Takes no more bytes from the server until `resume`. */
  pause(): void
  resume(): void
  /** The exchange ended well: the connection may serve the next until the date (Unix milliseconds). */
  release(until: number): void
  /** Resolves when the socket is closed. */
  destroy(): Promise<void>
}

interface Connection {
  readonly client: Client
  readonly valve: Valve
  served: number
  /** Unix milliseconds. */
  until: number
  /** Gives up the socket, or the making of it. */
  making?: { destroy(): unknown } | undefined
}

/**
 * The connections of one origin, one exchange on each at a time. Not undici's Pool, because only an own list knows whether the
 * socket under a request is a reused one, and can destroy a connection that is still being made.
 */
export class Connections {
  readonly #make: typeof Client
  readonly #origin: string
  readonly #connect: Connect
  readonly #idle: Connection[] = []

  constructor(make: typeof Client, origin: string, connect: Connect) {
    this.#make = make
    this.#origin = origin
    this.#connect = connect
  }

  /** The connection used last that is still good at the date (Unix milliseconds), else one that no request has used. */
  lease(now: number): Lease {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      if (now < idle.until) return this.#lend(idle)
      // undici's own timer does not know how long the machine was asleep.
      void idle.client.destroy()
    }
    return this.fresh()
  }

  /** A connection that no request has used. */
  fresh(): Lease {
    return this.#lend(this.#open())
  }

  /** Closes what is idle; exchanges that run go on. */
  async close(): Promise<void> {
    await Promise.all(this.#idle.splice(0).map((connection) => connection.client.destroy()))
  }

  #open(): Connection {
    const connect: buildConnector.connector = (options, callback) => {
      // Destroying a client does not end a connection that is being made.
      connection.making = this.#connect(options, (...made) => {
        const [, socket] = made
        if (socket) connection.valve.fit(socket)
        callback(...made)
      })
    }
    const client = new this.#make(this.#origin, { connect, headersTimeout: 0, bodyTimeout: 0 })
    const connection: Connection = { client, valve: new Valve(), served: 0, until: 0 }
    client.on('disconnect', () => {
      connection.served = 0
      const at = this.#idle.indexOf(connection)
      if (at !== -1) this.#idle.splice(at, 1)
    })
    return connection
  }

  #lend(connection: Connection): Lease {
    return {
      dispatcher: connection.client,
      started: () => connection.served++ > 0,
      pause: () => connection.valve.shut(),
      resume: () => connection.valve.open(),
      release: (until) => {
        connection.valve.leaveOpen()
        connection.until = until
        this.#idle.push(connection)
      },
      destroy: () => {
        if (connection.served === 0) connection.making?.destroy()
        return connection.client.destroy()
      },
    }
  }
}
