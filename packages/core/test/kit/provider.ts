import type { Provider, ProviderEvent, ProviderRequest, ProviderTraits } from '@wayfare/core'

/** One thing that a scripted provider does when it is pulled. */
export type Step =
  | ProviderEvent
  /** The events of one network read. */
  | readonly ProviderEvent[]
  /** Thrown. */
  | Error
  /** Takes so long, unless it is aborted. */
  | { readonly waitMs: number }
  /** Sends nothing more: until it is aborted, or whatever happens. */
  | { readonly stall: 'until_abort' | 'for_ever' }
  | { readonly run: (request: ProviderRequest) => void }

export type Script = readonly Step[]

/** One request that a provider received: recorded when it is pulled for the first time, which is when it is sent. */
export interface Sent {
  readonly request: ProviderRequest
  readonly at: number
  closed: boolean
}

export interface ScriptedOptions {
  readonly vendor?: string
  readonly defaultModel?: string
  readonly traits?: ProviderTraits
  readonly balance?: () => Promise<number>
}

/** Answers the n-th request with the n-th script, and every later one with the last. */
export class ScriptedProvider implements Provider {
  readonly name: string
  readonly vendor?: string
  readonly defaultModel?: string
  readonly sent: Sent[] = []
  /** Calls of `chat`, pulled or not. */
  chats = 0
  balance?(): Promise<number>
  traits?(model: string): ProviderTraits
  readonly #scripts: readonly Script[]

  constructor(name: string, scripts: readonly Script[], options: ScriptedOptions = {}) {
    const { vendor, defaultModel, traits, balance } = options
    this.name = name
    this.#scripts = scripts
    if (vendor !== undefined) this.vendor = vendor
    if (defaultModel !== undefined) this.defaultModel = defaultModel
    if (traits !== undefined) this.traits = () => traits
    if (balance !== undefined) this.balance = balance
  }

  chat(request: ProviderRequest): AsyncGenerator<ProviderEvent | readonly ProviderEvent[]> {
    this.chats++
    return this.#play(request)
  }

  /** Requests whose connection is still open. */
  get open(): number {
    return this.sent.filter((sent) => !sent.closed).length
  }

  async *#play(request: ProviderRequest): AsyncGenerator<ProviderEvent | readonly ProviderEvent[]> {
    const script = this.#scripts[Math.min(this.sent.length, this.#scripts.length - 1)] ?? []
    const sent: Sent = { request, at: request.clock.now(), closed: false }
    this.sent.push(sent)
    try {
      for (const step of script) {
        if (step instanceof Error) throw step
        else if ('waitMs' in step) await request.clock.sleep(step.waitMs, request.signal)
        else if ('stall' in step) await stall(request.signal, step.stall)
        else if ('run' in step) step.run(request)
        else yield step
      }
    } finally {
      sent.closed = true
    }
  }
}

function stall(signal: AbortSignal, how: 'until_abort' | 'for_ever'): Promise<never> {
  return new Promise((_, reject) => {
    if (how === 'for_ever') return
    if (signal.aborted) reject(signal.reason as Error)
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })
}
