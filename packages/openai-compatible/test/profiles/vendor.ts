import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { LLMError, type Provider, type ProviderEvent, type ProviderRequest } from '@wayfare/core'
import { afterAll, beforeAll, beforeEach, expect } from 'vitest'
import { broken, chunk, events, sse } from '../call.ts'

interface Sent {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: Record<string, unknown>
}

export interface Answer {
  readonly status?: number
  readonly type?: string
  readonly headers?: Record<string, string>
  readonly body: string
}

/** A provider that talks to a server on this machine, which answers what a test tells it to. */
export interface Vendor {
  readonly provider: Provider
  /** Everything that was sent, oldest first. */
  readonly sent: readonly Sent[]
  /** Sends a request and tells what its body says beyond the model and `stream`, and the warnings of the answer. */
  asks(more?: Partial<ProviderRequest>): Promise<{ body: Record<string, unknown>; warnings: readonly string[] }>
  /** What the provider makes of an answer. */
  reads(answer: Answer, more?: Partial<ProviderRequest>): Promise<readonly ProviderEvent[]>
  /** What the provider makes of a failure. */
  fails(status: number, body: unknown, headers?: Record<string, string>): Promise<LLMError>
  /** Makes the next answer JSON. */
  tells(body: unknown, headers?: Record<string, string>): void
}

/** Registers the hooks of one file. */
export function vendorAt(make: (url: string) => Provider): Vendor {
  const sent: Sent[] = []
  let next: Answer[] = []
  let provider: Provider | undefined
  const server = createServer((request, response) => {
    let text = ''
    request.setEncoding('utf8').on('data', (piece: string) => (text += piece))
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request
      sent.push({ method, path, headers, body: text === '' ? {} : (JSON.parse(text) as Sent['body']) })
      const answer = next.shift() ?? streamed([chunk({ content: 'x' }), chunk({}, 'stop')])
      response.writeHead(answer.status ?? 200, {
        'content-type': answer.type ?? 'application/json',
        ...answer.headers,
      })
      response.end(answer.body)
    })
  })
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo // it listens on a port, not on a pipe
    provider = make(`http://127.0.0.1:${port}`)
  })
  beforeEach(() => {
    sent.length = 0
    next = []
  })
  afterAll(async () => {
    await provider?.close?.()
    await new Promise((resolve) => server.close(resolve))
  })

  const vendor: Vendor = {
    get provider() {
      if (provider === undefined) throw new Error('the server has not started yet')
      return provider
    },
    sent,
    async asks(more) {
      const all = await events(vendor.provider, more)
      const start = all.find((event) => event.type === 'start')
      const { model, messages, stream, ...body } = sent.at(-1)?.body ?? {}
      expect({ model, stream }).toEqual({ model: more?.model ?? 'm', stream: more?.stream ?? true })
      const warnings = (start?.warnings ?? []).map(({ code }) => code)
      return { body: more?.messages === undefined ? body : { ...body, messages }, warnings }
    },
    async reads(answer, more) {
      next = [answer]
      return events(vendor.provider, more)
    },
    async fails(status, body, headers = {}) {
      const answer = typeof body === 'string' ? { type: 'text/plain', body } : { body: JSON.stringify(body) }
      next = [{ status, headers, ...answer }]
      const { error } = await broken(vendor.provider)
      if (!LLMError.is(error)) throw error
      return error
    },
    tells(body, headers = {}) {
      next.push({ headers, body: JSON.stringify(body) })
    },
  }
  return vendor
}

export function streamed(chunks: readonly unknown[], headers: Record<string, string> = {}): Answer {
  return { type: 'text/event-stream', headers, body: sse(chunks) }
}

/** One JSON body with an answer. */
export function whole(message: object, more: object = {}, headers: Record<string, string> = {}): Answer {
  const choices = [{ index: 0, message: { role: 'assistant', ...message }, finish_reason: 'stop' }]
  return { headers, body: JSON.stringify({ id: 'c1', object: 'chat.completion', model: 'm-1', choices, ...more }) }
}

/** The last chunk of a stream, which has nothing but usage. */
export function usageChunk(usage: object, more: object = {}): object {
  return { id: 'c1', object: 'chat.completion.chunk', model: 'm-1', choices: [], usage, ...more }
}

/** The last figures of an answer. */
export function billed(all: readonly ProviderEvent[]): object | undefined {
  return all.findLast((event) => event.type === 'usage')
}

export function partsOf(all: readonly ProviderEvent[]): readonly object[] {
  return all.flatMap((event) => (event.type === 'part' ? [event.part] : []))
}
