import { ok } from 'node:assert/strict'
import { systemClock } from '@wayfare/core'
import type { Clock, Provider, ProviderEvent, ProviderMessage, ProviderRequest } from '@wayfare/core'
import { canaryKey, canaryPrompt } from './canary.ts'
import { gather } from './gather.ts'
import type { OpenProvider, Sample, WireSamples } from './samples.ts'
import { SampleServer, type Line, type Script } from './server.ts'

/** The events until the end or a failure, and what was asked. */
export interface Played {
  readonly provider: Provider
  readonly line: Line
  readonly events: readonly ProviderEvent[]
  /** Undefined after a good end. */
  readonly error?: unknown
}

/** Where one scenario plays: a server and as many providers as it needs. */
export class Stage {
  readonly wire: WireSamples
  readonly server: SampleServer = new SampleServer()
  readonly #open: OpenProvider
  readonly #providers: Provider[] = []

  readonly #patienceMs: number

  constructor(wire: WireSamples, open: OpenProvider, patienceMs: number) {
    this.wire = wire
    this.#open = open
    this.#patienceMs = patienceMs
  }

  /** The provider, at a server that does this. */
  set(script: Script, apiKey: string = canaryKey): { readonly provider: Provider; readonly line: Line } {
    const line = this.server.line(script)
    const provider = this.#open({ baseURL: line.baseURL, apiKey })
    this.#providers.push(provider)
    return { provider, line }
  }

  /** One call from its beginning to its end. */
  async play(script: Script, more: Partial<ProviderRequest> = {}): Promise<Played> {
    const { provider, line } = this.set(script)
    const call = this.request(more)
    return { provider, line, ...(await this.patiently('the call never ended', gather(provider.chat(call)))) }
  }

  request(more: Partial<ProviderRequest> = {}): ProviderRequest {
    return {
      model: this.wire.model,
      messages: question,
      tools: [],
      toolChoice: 'auto',
      stream: true,
      signal: new AbortController().signal,
      attemptId: 'attempt_1',
      clock,
      timeout: { connectMs: 10_000, firstByteMs: 30_000, idleMs: 30_000 },
      ...more,
    }
  }

  /** What a sample does: whole, at once, to its end, unless something else is said. */
  script(sample: Sample, more: Partial<Script> = {}): Script {
    const { body, status = 200, headers } = sample
    const text = typeof body === 'string'
    const type = !text || status >= 300 ? 'application/json' : streamTypes[this.wire.stream]
    return {
      status,
      headers: { 'content-type': type, ...headers },
      body: Buffer.from(text ? body : JSON.stringify(body)),
      size: 65_536,
      ending: 'end',
      ...more,
    }
  }

  /** Rejects when something takes so long that it will never happen. */
  async patiently<T>(complaint: string, promise: Promise<T>): Promise<T> {
    let late = (): void => {}
    const limit = new Promise<undefined>((resolve) => (late = () => resolve(undefined)))
    const timer = systemClock.timer(this.#patienceMs, late)
    try {
      const first = await Promise.race([promise.then((value) => ({ value })), limit])
      ok(first !== undefined, complaint)
      return first.value
    } finally {
      timer.clear()
    }
  }

  /** Closes the providers, after which no connection may be open. */
  async leave(): Promise<void> {
    for (const provider of this.#providers) await provider.close?.()
    await this.patiently('a connection stayed open after the calls ended and close() was called', this.server.quiet())
  }
}

const streamTypes = { sse: 'text/event-stream', ndjson: 'application/x-ndjson' } as const

const question: readonly ProviderMessage[] = [{ role: 'user', content: [{ type: 'text', text: canaryPrompt }] }]

const clock: Clock = {
  ...systemClock,
  sleep: () => Promise.reject(new Error('a provider never waits by itself: the router retries')),
}
