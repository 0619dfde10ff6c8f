import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** What the server does with each request of a line. */
export interface Script {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  /** Bytes that are written at a time, each after a turn of the event loop. */
  readonly size: number
  /** What follows the body: its end, the end of the connection in its middle, or nothing. `mute`: not even headers. */
  readonly ending: 'end' | 'drop' | 'stall' | 'mute'
}

export interface SeenRequest {
  readonly method: string
  /** Below the line's base URL, with the query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** Parsed JSON; undefined without a body. */
  readonly body: unknown
}

/** An address of its own on the server, with what was asked there. */
export interface Line {
  readonly baseURL: string
  readonly requests: readonly SeenRequest[]
  /** Resolves when a request has come. */
  readonly asked: Promise<void>
}

/** A vendor's server on loopback, which plays scripts. */
export class SampleServer {
  readonly #lines = new Map<string, { readonly script: Script; readonly requests: SeenRequest[]; ask: () => void }>()
  readonly #sockets = new Set<Socket>()
  readonly #server = createServer((request, response) => void this.#answer(request, response))
  #wake = (): void => {}

  async open(): Promise<void> {
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        this.#sockets.delete(socket)
        this.#wake()
      })
    })
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
  }

  line(script: Script): Line {
    const name = String(this.#lines.size)
    const requests: SeenRequest[] = []
    let ask = (): void => {}
    const asked = new Promise<void>((resolve) => (ask = resolve))
    this.#lines.set(name, { script, requests, ask })
    const { port } = this.#server.address() as AddressInfo // it listens on a port
    return { baseURL: `http://127.0.0.1:${port}/${name}`, requests, asked }
  }

  /** Resolves when no connection is open. */
  async quiet(): Promise<void> {
    while (this.#sockets.size > 0) await new Promise<void>((resolve) => (this.#wake = resolve))
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, name = '', path = ''] = /^\/(\d+)\/?(.*)$/s.exec(request.url ?? '') ?? []
    const line = this.#lines.get(name)
    const text = await textOf(request)
    if (line === undefined) return void response.writeHead(404).end()
    const body: unknown = text === '' ? undefined : JSON.parse(text)
    line.requests.push({ method: request.method ?? '', path, headers: request.headers, body })
    line.ask()
    await play(line.script, response)
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer) // no encoding is set
  return Buffer.concat(chunks).toString()
}

async function play({ status, headers, body, size, ending }: Script, response: ServerResponse): Promise<void> {
  if (ending === 'mute') return
  response.sendDate = false
  // With a length the body is not framed: each piece arrives as it is written. Whole bodies come in chunks.
  const length = ending === 'end' && size < body.length ? { 'content-length': String(body.length) } : {}
  response.writeHead(status, { ...headers, ...length })
  response.flushHeaders()
  // Beside the framing where there is none: a byte at a time, that is most of the work.
  const out = ending === 'end' && size < body.length ? response.socket : response
  for (let at = 0; at < body.length && !response.destroyed; at += size) {
    await turn()
    out?.write(body.subarray(at, at + size))
  }
  await turn()
  if (ending === 'end') response.end()
  else if (ending === 'drop') response.socket?.destroySoon()
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
