import type { Socket } from 'node:net'
import type { buildConnector, Client, Dispatcher } from 'undici'

/** A connection lent to one exchange. */
export interface Lease {
  readonly dispatcher: Dispatcher
  /** Called when a request starts; whether its socket had served another one before. */
  started(): boolean
  /** The exchange ended well: the connection may serve the next. */
  release(): void
  /** Resolves when the socket is closed. */
  destroy(): Promise<void>
}

interface Connection {
  readonly client: Client
  served: number
  socket?: Socket | undefined
}

/**
 * The connections of one origin, one exchange on each at a time. Not undici's Pool, because only an own list knows whether the
 * socket under a request is a reused one, and can destroy a connection that is still being made.
 */
export class Connections {
  readonly #undici: { readonly Client: typeof Client }
  readonly #origin: string
  readonly #connect: buildConnector.connector
  readonly #idle: Connection[] = []

  constructor(undici: { Client: typeof Client; buildConnector: typeof buildConnector }, origin: string) {
    this.#undici = undici
    this.#origin = origin
    // Timeouts are ours; undici's are coarse and not on the request's clock.
    this.#connect = undici.buildConnector({ timeout: 0, allowH2: false })
  }

  /** The connection used last, or with `fresh` one that no request has used. */
  lease(fresh = false): Lease {
    return this.#lend((fresh ? undefined : this.#idle.pop()) ?? this.#open())
  }

  /** Closes what is idle; exchanges that run go on. */
  async close(): Promise<void> {
    await Promise.all(this.#idle.splice(0).map((connection) => connection.client.destroy()))
  }

  #open(): Connection {
    const connect: buildConnector.connector = (options, callback) => {
      // It returns the socket, which its type leaves out: destroying a client does not end a connection that is being made.
      connection.socket = this.#connect(options, callback) as unknown as Socket
    }
    const client = new this.#undici.Client(this.#origin, { connect, headersTimeout: 0, bodyTimeout: 0 })
    const connection: Connection = { client, served: 0 }
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
      release: () => {
        this.#idle.push(connection)
      },
      destroy: () => {
        if (connection.served === 0) connection.socket?.destroy()
        return connection.client.destroy()
      },
    }
  }
}
