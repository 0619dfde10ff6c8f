import type { FinishReason, Warning } from './contract/call.ts'
import type { AssistantPart, ReasoningPart, TextPart, ToolCallPart } from './contract/message.ts'
import type { ProviderEvent } from './contract/provider.ts'
import type { ChatEvent } from './contract/response.ts'
import type { Usage } from './contract/usage.ts'
import { LLMError } from './error.ts'
import { Pieces } from './pieces.ts'
import { none } from './short-list.ts'
import { laterUsage } from './usage.ts'

/** Characters of one answer that are kept. */
const longestAnswer = 256 * 2 ** 20
const mostToolCalls = 128
/** Events in a row that bring nothing: a server that sends them is broken, not slow. */
const mostIdleEvents = 10_000

const unknown: Partial<Usage> = {}

interface Run {
  readonly type: 'text' | 'reasoning'
  readonly pieces: Pieces
  providerMetadata?: TextPart['providerMetadata']
  /** Whether the provider's own `part` may still come and close it. */
  open: boolean
}

/**
 * Builds one answer from the events of one attempt. A run of deltas without a `part` of its type becomes one part; a `part`
 * closes the first open run of its type, or is shown as one delta.
 */
export class Fold {
  started: Extract<ProviderEvent, { type: 'start' }> | undefined
  finished: Extract<ProviderEvent, { type: 'finish' }> | undefined
  usage: Partial<Usage> = unknown
  usageSeen = false
  /** What providers found wrong with figures that they clamped. */
  problems: readonly string[] = none
  reportedUsd: number | undefined
  /** A tool ran on the vendor's side: the request must not be sent twice. */
  sideEffect = false
  /** Whether a consumer saw something of this attempt. */
  shown = false
  /** Whether the model has written anything yet. */
  content = false
  /** Counts content and usage, so that whoever watches can tell progress from noise. */
  progress = 0
  readonly warnings: Warning[] = []
  #parts: (AssistantPart | Run)[] = []
  #current: Run | undefined
  #size = 0
  #calls = 0
  #idle = 0
  /** Arguments of tool calls still being written, for the bill of an attempt that breaks. */
  #unfinished: Pieces | undefined

  /** Takes the events of one read, and says what of them to show: in another list, as providers may fill theirs anew. */
  addAll(events: readonly ProviderEvent[]): readonly ChatEvent[] {
    let shown: ChatEvent[] | undefined
    for (const event of events) {
      const told = this.add(event)
      if (told === undefined) continue
      if (shown === undefined) shown = [told]
      else shown.push(told)
    }
    return shown ?? none
  }

  /** Takes one event, and says what a consumer shall see of it. */
  add(event: ProviderEvent): ChatEvent | undefined {
    if (this.finished !== undefined)
      throw new LLMError('protocol', `the provider sent "${event.type}" after it had finished`)
    switch (event.type) {
      case 'text_delta':
        return this.#delta('text', event)
      case 'reasoning_delta':
        return this.#delta('reasoning', event)
      case 'part':
        return this.#part(event.part)
      case 'tool_call_delta':
        this.content = true
        this.#unfinished ??= new Pieces()
        this.#unfinished.push(event.rawInput)
        this.#moved(event.rawInput.length)
        break
      case 'usage':
        this.usage = this.usageSeen ? laterUsage(this.usage, event.usage) : { ...event.usage }
        this.usageSeen = true
        if (event.problems !== undefined) this.problems = [...new Set([...this.problems, ...event.problems])]
        if (event.reportedUsd !== undefined) this.reportedUsd = event.reportedUsd
        this.#moved(1)
        break
      case 'start':
        this.started = this.started === undefined ? event : { ...this.started, ...event }
        this.#warn(event.warnings)
        this.#stood()
        break
      case 'side_effect':
        this.sideEffect = true
        this.#moved(1)
        break
      case 'finish':
        this.finished = event
        this.#warn(event.warnings)
        this.progress++
        break
    }
    return undefined
  }

  /** The parts so far, in order. A tool call that the end cut short is left out. */
  parts(): readonly AssistantPart[] {
    const cut = this.finished?.reason === 'length'
    const parts: AssistantPart[] = []
    for (const item of this.#parts) {
      if ('open' in item) parts.push(partOf(item))
      else if (!(cut && item.type === 'tool_call' && item.invalid)) parts.push(item)
    }
    return parts
  }

  /** Whether another attempt may go on from here: there are words alone, no tool call has begun, and the end has not come. */
  get continuable(): boolean {
    return (
      this.finished === undefined &&
      (this.#unfinished?.text ?? '') === '' &&
      this.parts().every((part) => part.type === 'text')
    )
  }

  /** Whether an answer has begun: by content, by a tool at the vendor's, or by its end. */
  get begun(): boolean {
    return this.content || this.sideEffect || this.finished !== undefined
  }

  /** Everything the model wrote, for counting: what is long is not put together for it. */
  received(): readonly string[] {
    const unfinished = this.#unfinished?.text ?? ''
    const texts = [unfinished]
    for (const item of this.#parts) {
      if ('open' in item) texts.push(item.pieces.text)
      else if (item.type === 'text' || item.type === 'reasoning') texts.push(item.text)
      else if (item.type === 'tool_call' && unfinished === '') texts.push(item.rawInput)
    }
    return texts
  }

  /** The vendor's word made consistent with what it sent. */
  reason(parts: readonly AssistantPart[]): FinishReason {
    const reason = this.finished?.reason ?? 'other'
    const calls = parts.some((part) => part.type === 'tool_call')
    if (reason === 'stop' && calls) return 'tool_calls'
    if (reason === 'tool_calls' && !calls) return 'stop'
    return reason
  }

  #delta(
    type: 'text' | 'reasoning',
    event: Extract<ChatEvent, { type: 'text_delta' | 'reasoning_delta' }>,
  ): ChatEvent | undefined {
    const { text } = event
    if (text === '') {
      this.#stood()
      return undefined
    }
    let run = this.#current
    if (run === undefined || run.type !== type) {
      run = { type, pieces: new Pieces(), open: true }
      this.#append(run)
      this.#current = run
    }
    run.pieces.push(text)
    this.content = true
    this.shown = true
    this.#moved(text.length)
    return event
  }

  #part(part: AssistantPart): ChatEvent | undefined {
    this.content = true
    this.#moved(1)
    switch (part.type) {
      case 'text':
      case 'reasoning':
        return this.#close(part)
      case 'tool_call':
        this.#call(part)
        return undefined
      case 'file':
        this.#append(part)
        this.shown = true
        return { type: 'file', file: part }
      case 'provider':
        this.#append(part)
        return undefined
    }
  }

  #close(part: TextPart | ReasoningPart): ChatEvent | undefined {
    const run = this.#parts.find((item): item is Run => 'open' in item && item.open && item.type === part.type)
    if (run !== undefined) {
      run.open = false
      if (part.providerMetadata !== undefined) run.providerMetadata = part.providerMetadata
      if (this.#current === run) this.#current = undefined
      return undefined
    }
    this.#append(part)
    if (part.text === '') return undefined
    this.shown = true
    this.#moved(part.text.length)
    return { type: part.type === 'text' ? 'text_delta' : 'reasoning_delta', text: part.text }
  }

  #call(part: ToolCallPart): void {
    this.#calls++
    if (this.#calls > mostToolCalls)
      throw new LLMError('protocol', `the answer holds more than ${mostToolCalls} tool calls`)
    this.#moved(part.rawInput.length)
    this.#append(part)
  }

  #append(part: AssistantPart | Run): void {
    this.#current = undefined
    // Most answers are one run of text, and a list that is pushed to has room for sixteen more.
    if (this.#parts.length === 0) this.#parts = [part]
    else this.#parts.push(part)
  }

  #warn(warnings: readonly Warning[] = []): void {
    for (const warning of warnings) this.warnings.push(warning)
  }

  #moved(size: number): void {
    if (size === 0) return this.#stood()
    this.#idle = 0
    this.progress++
    this.#size += size
    if (this.#size > longestAnswer)
      throw new LLMError('response_too_large', 'the answer is longer than 256 Mi characters')
  }

  #stood(): void {
    this.#idle++
    if (this.#idle > mostIdleEvents)
      throw new LLMError('protocol', `${mostIdleEvents} events in a row brought no content`)
  }
}

function partOf({ type, pieces, providerMetadata }: Run): TextPart | ReasoningPart {
  return { type, text: pieces.text, ...(providerMetadata !== undefined && { providerMetadata }) }
}
