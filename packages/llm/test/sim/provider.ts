import { LLMError } from '@wayfare/core'
import type { Provider, ProviderEvent, ProviderRequest, ProviderTraits, Usage } from '@wayfare/core'
import type { SimClock } from './clock.ts'
import { picoOf } from './pricing.ts'
import type { Act, ProviderSpec } from './scene.ts'

/** One request that a provider received: made when it is pulled for the first time, which is when it is sent. */
export interface Sent {
  readonly number: number
  readonly call: number
  readonly provider: ProviderSpec
  readonly request: ProviderRequest
  readonly at: number
  /** The unfinished answer that it was asked to go on from. */
  readonly continued: string
  /** Text that was yielded before the end. */
  text: string
  /** Tool calls that were yielded before the end. */
  tools: number
  finished: boolean
  /** When a tool of the vendor's ran, as the router could hear. */
  sideEffectAt: number
  closed: boolean
  closedAt: number
  /** Since when it waits within a pull, how long it did in all, and how long at once. */
  waitingSince: number | undefined
  waitedMs: number
  longestWaitMs: number
}

type Told = (line: string) => void

/** Plays the scripts of a scene. An honest one writes and bills no more than it was asked for. */
export class SimProvider implements Provider {
  readonly name: string
  readonly vendor?: string
  readonly defaultModel = 'm'
  readonly spec: ProviderSpec
  balance?(): Promise<number>
  readonly #clock: SimClock
  readonly #all: Sent[]
  readonly #told: Told
  #requests = 0

  constructor(spec: ProviderSpec, clock: SimClock, all: Sent[], told: Told) {
    this.spec = spec
    this.name = spec.name
    if (spec.vendor !== undefined) this.vendor = spec.vendor
    this.#clock = clock
    this.#all = all
    this.#told = told
    const { balance } = spec
    if (balance !== undefined) this.balance = () => tell(balance, clock)
  }

  traits(model: string): ProviderTraits {
    const { prefill, stopsOnAbort, tools } = this.spec
    return {
      ...(prefill !== undefined && { prefill }),
      ...(stopsOnAbort !== undefined && { stopsOnAbort }),
      ...(tools !== undefined && { tools }),
      ...(model === 'free' && { free: true }),
    }
  }

  async *chat(request: ProviderRequest): AsyncGenerator<ProviderEvent | readonly ProviderEvent[]> {
    const script = this.spec.scripts[Math.min(this.#requests++, this.spec.scripts.length - 1)] ?? []
    const sent = this.#receive(request)
    const writer = new Writer(sent, this.spec.overbills === true)
    const name = `#${sent.number} of ${this.name}`
    try {
      for (const act of script) {
        switch (act.do) {
          case 'wait':
            await this.#wait(sent, act.ms)
            break
          case 'keep_alive':
            for (let i = 0; i < act.times; i++) {
              await this.#wait(sent, act.ms)
              yield { type: 'text_delta', text: '' }
            }
            break
          case 'block':
            this.#told(`${name} blocks ${act.ms} ms`)
            this.#clock.block(act.ms)
            break
          case 'stall':
            this.#told(`${name} stalls`)
            sent.waitingSince = this.#clock.now()
            await stall(request.signal, this.spec.deaf === true)
            break
          case 'throw':
            this.#told(`${name} throws ${act.kind}`)
            throw errorOf(act)
          case 'read': {
            const events: ProviderEvent[] = []
            for (const inner of act.acts) {
              if (inner.do === 'throw') throw errorOf(inner)
              events.push(...writer.write(inner))
            }
            this.#told(`${name}: ${events.map(({ type }) => type).join(' ')}`)
            if (events.length > 0) yield events
            break
          }
          default:
            for (const event of writer.write(act)) {
              this.#told(`${name}: ${event.type}`)
              yield event
            }
        }
        // Cut at the limit that it was given.
        if (writer.full) return
      }
    } finally {
      this.#endWait(sent)
      sent.closed = true
      sent.closedAt = this.#clock.now()
    }
  }

  #receive(request: ProviderRequest): Sent {
    const texts = request.messages.map(({ role, content }) => ({ role, text: textOf(content) }))
    const last = texts.at(-1)
    const sent: Sent = {
      number: this.#all.length,
      call: Number(/^call (\d+)/.exec(texts[0]?.text ?? '')?.[1]),
      provider: this.spec,
      request,
      at: this.#clock.now(),
      continued: last?.role === 'assistant' ? last.text : '',
      text: '',
      tools: 0,
      finished: false,
      sideEffectAt: Infinity,
      closed: false,
      closedAt: Infinity,
      waitingSince: undefined,
      waitedMs: 0,
      longestWaitMs: 0,
    }
    this.#all.push(sent)
    this.#told(`#${sent.number} goes to ${this.name}/${request.model}, for call ${sent.call}`)
    return sent
  }

  async #wait(sent: Sent, ms: number): Promise<void> {
    sent.waitingSince = this.#clock.now()
    await this.#clock.sleep(ms, this.spec.deaf ? undefined : sent.request.signal)
    this.#endWait(sent)
  }

  #endWait(sent: Sent): void {
    if (sent.waitingSince === undefined) return
    const ms = this.#clock.now() - sent.waitingSince
    sent.waitedMs += ms
    sent.longestWaitMs = Math.max(sent.longestWaitMs, ms)
    sent.waitingSince = undefined
  }
}

/** Turns acts into events, and counts. */
class Writer {
  full = false
  #pieces = 0
  #deltas = false
  #calls = 0
  #written = 0
  readonly #sent: Sent
  readonly #overbills: boolean

  constructor(sent: Sent, overbills: boolean) {
    this.#sent = sent
    this.#overbills = overbills
  }

  write(act: Act): readonly ProviderEvent[] {
    if (this.full) return []
    const sent = this.#sent
    const ended = sent.finished
    const { request } = sent
    switch (act.do) {
      case 'text':
      case 'text_part':
      case 'think': {
        if (act.do === 'text' && act.chars === 0) return [{ type: 'text_delta', text: '' }]
        // The part of its type would close the run of deltas instead of adding to it.
        if (act.do === 'text_part' && this.#deltas) return []
        const text = `${sent.number}.${this.#pieces++}${'~'.repeat(act.chars)}${act.chars % 5 === 0 ? '👋' : ' '}`
        if (!this.#fits(text)) return this.#cut()
        if (act.do === 'think') return [{ type: 'reasoning_delta', text }]
        if (!ended) sent.text += text
        if (act.do === 'text_part') return [{ type: 'part', part: { type: 'text', text } }]
        this.#deltas = true
        return [{ type: 'text_delta', text }]
      }
      case 'tool': {
        const rawInput = act.broken ? '{"q":' : `{"q":"${sent.number}"}`
        if (!this.#fits(rawInput)) return this.#cut()
        if (!ended) sent.tools++
        const input: unknown = act.broken ? undefined : JSON.parse(rawInput)
        const id = `call_${sent.number}_${this.#calls++}`
        const part = { type: 'tool_call' as const, id, name: act.name, input, rawInput }
        return [{ type: 'part', part: act.broken ? { ...part, invalid: true } : part }]
      }
      case 'tool_delta':
        return this.#fits('{"q') ? [{ type: 'tool_call_delta', index: this.#calls, rawInput: '{"q' }] : this.#cut()
      case 'file':
        return [{ type: 'part', part: { type: 'file', mediaType: 'text/plain', data: 'aGk=' } }]
      case 'side_effect':
        // Who was cut is not heard any more.
        if (!ended && !request.signal.aborted) sent.sideEffectAt = request.clock.now()
        return [{ type: 'side_effect', name: 'search' }]
      case 'start': {
        const { served } = act
        // One that serves a dearer model than was asked for has no bound.
        const model =
          served === 'cheap' && request.model === 'm' ? served : served === 'mystery' ? served : request.model
        return [{ type: 'start', id: `r${sent.number}`, ...(served !== undefined && { model }) }]
      }
      case 'usage':
        return [this.#usage(act.share, act.costToo === true)]
      case 'finish':
        sent.finished = true
        return [{ type: 'finish', reason: act.reason }]
      default:
        return []
    }
  }

  #fits(text: string): boolean {
    const tokens = Math.ceil(text.length / 4)
    if (this.#written + tokens > (this.#sent.request.maxOutputTokens ?? Infinity)) return false
    this.#written += tokens
    return true
  }

  #cut(): readonly ProviderEvent[] {
    this.full = true
    this.#sent.finished = true
    return [this.#usage(0.5, false), { type: 'finish', reason: 'length' }]
  }

  #usage(share: number, costToo: boolean): ProviderEvent {
    const { messages, tools, model } = this.#sent.request
    let bytes = tools.length * 64
    for (const { content } of messages) bytes += 16 + new TextEncoder().encode(textOf(content)).length
    const all = Math.floor(bytes * share)
    const cacheWrite = share > 0.7 ? Math.floor(all / 2) : 0
    const cacheRead = share > 0.4 && share < 0.6 ? Math.floor(all / 3) : 0
    const output = this.#written + (this.#overbills ? 4_000 : 0)
    const usage: Partial<Usage> = { input: all - cacheWrite - cacheRead, cacheWrite, cacheRead, output }
    const pico = picoOf(model, { ...none, ...usage })
    return { type: 'usage', usage, ...(costToo && pico !== undefined && { reportedUsd: (pico * 0.9) / 1e12 }) }
  }
}

const none: Usage = { input: 0, cacheRead: 0, cacheWrite: 0, cacheWrite1h: 0, output: 0, reasoning: 0, total: 0 }

function textOf(content: readonly { readonly type: string; readonly text?: string }[]): string {
  return content.map(({ text = '' }) => text).join('')
}

function errorOf({ kind, facts }: Extract<Act, { do: 'throw' }>): Error {
  return kind === 'TypeError' ? new TypeError('oops') : new LLMError(kind, `a ${kind}`, facts)
}

function stall(signal: AbortSignal, deaf: boolean): Promise<never> {
  return new Promise((_, reject) => {
    if (deaf) return
    if (signal.aborted) reject(signal.reason as Error)
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })
}

async function tell(balance: NonNullable<ProviderSpec['balance']>, clock: SimClock): Promise<number> {
  if (balance === 'throws') throw new Error('no balance')
  if (balance === 'never') return new Promise(() => {})
  await clock.sleep(balance.afterMs)
  return balance.usd
}
