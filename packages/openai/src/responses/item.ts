import { LLMError, type AssistantPart, type JSONValue, type ProviderEvent, type ToolCallPart } from '@wayfare/core'
import { isRecord } from '@wayfare/provider-kit'
import { blockPart, callPart, identityOf, reasoningPart, restOf, textPart, type Section } from './parts.ts'
import { items, text, type WireDelta, type WireItem } from './wire.ts'

/** Of the input of one call. */
const maxInput = 8 * 1024 * 1024

/** How an item ended. */
export interface ItemEnd {
  /** The whole of it, where the server sent it. */
  readonly final: WireItem | undefined
  /** Whether the answer was cut short, perhaps in this item. */
  readonly cut: boolean
  /** Makes the id of a call from the one that the server gave. */
  readonly id: (given: string | undefined) => string
}

/** An item of the output while it is being written: its pieces become deltas, its texts and its end become parts. */
export class OutputItem {
  readonly index: number
  /** Its place among the tool calls, for the progress that they show. */
  readonly toolIndex: number
  /** What happened while an earlier item was still being written. */
  readonly waiting: ProviderEvent[] = []
  finished = false
  #item: WireItem
  /** The text that grows. */
  #current: Section | undefined
  /** The texts that were handed out. */
  readonly #closed = new Set<string>()
  /** The input of a call, in the pieces that came. */
  readonly #input: string[] = []
  #size = 0

  constructor(index: number, item: WireItem, toolIndex: number) {
    this.index = index
    this.toolIndex = toolIndex
    this.#item = item
  }

  get type(): string {
    return this.#item.type
  }

  /** What is known of the item so far. */
  get item(): WireItem {
    return this.#item
  }

  /** Says that a call has begun. */
  begin(out: ProviderEvent[]): void {
    if (isCall(this.#item)) out.push(this.#progress(''))
  }

  delta({ kind, section }: WireDelta, piece: string, out: ProviderEvent[]): void {
    if (piece === '') return
    if (kind === 'input') {
      this.#input.push(piece)
      this.#size += piece.length
      if (this.#size > maxInput)
        throw new LLMError('response_too_large', 'the input of a tool call is larger than 8 MiB')
      out.push(this.#progress(piece))
      return
    }
    const known = this.#current
    const goesOn = known !== undefined && known.kind === kind && known.index === section
    const current = goesOn ? known : this.#open({ kind, index: section, text: '', facts: {} }, out)
    if (current === undefined) return
    current.text += piece
    out.push(deltaOf(current, piece))
  }

  /** A text is complete; what stands beside it is kept until the next text begins or the item ends. */
  sectionDone(section: number, part: WireItem): void {
    if (this.#current?.index === section) this.#current.facts = factsOf(part)
  }

  /** The item is over. False when it is a call that was cut short, which is dropped. */
  finish({ final, cut, id }: ItemEnd, out: ProviderEvent[]): boolean {
    this.finished = true
    this.#item = final === undefined ? ended(this.#item, cut) : isCall(final) ? { ...this.#item, ...final } : final
    const item = this.#item
    if (isCall(item)) {
      const call = toolCall(item, this.#input.join(''), id)
      if (call.invalid && (cut || item['status'] === 'incomplete')) return false
      out.push({ type: 'part', part: call })
      return true
    }
    if (item.type !== 'message' && item.type !== 'reasoning') {
      out.push({ type: 'part', part: blockPart(item) })
      return true
    }
    for (const section of sectionsOf(item)) this.#complete(section, out)
    this.#close(restOf(item), out)
    return true
  }

  #complete(section: Section, out: ProviderEvent[]): void {
    const current = this.#open({ ...section, text: '' }, out)
    if (current === undefined) return
    current.facts = section.facts
    // Pieces that never came, perhaps all of them.
    const rest = section.text.startsWith(current.text) ? section.text.slice(current.text.length) : ''
    if (rest === '') return
    current.text = section.text
    out.push(deltaOf(current, rest))
  }

  /** The text that goes on; the one before it is complete then. `undefined` for one that was handed out already. */
  #open(section: Section, out: ProviderEvent[]): Section | undefined {
    const current = this.#current
    if (current !== undefined && keyOf(current) === keyOf(section)) return current
    if (this.#closed.has(keyOf(section))) return undefined
    if (current !== undefined) this.#close(identityOf(this.#item), out)
    this.#current = section
    return section
  }

  #close(facts: { readonly [key: string]: JSONValue }, out: ProviderEvent[]): void {
    const section = this.#current
    this.#current = undefined
    if (section !== undefined) this.#closed.add(keyOf(section))
    const part: AssistantPart | undefined =
      this.type === 'reasoning' ? reasoningPart(section, facts) : section && textPart(section, facts)
    if (part !== undefined) out.push({ type: 'part', part })
  }

  #progress(piece: string): ProviderEvent {
    const id = text(this.#item['call_id'])
    const name = text(this.#item['name'])
    return {
      type: 'tool_call_delta',
      index: this.toolIndex,
      ...(id !== undefined && { id }),
      ...(name !== undefined && { name }),
      rawInput: piece,
    }
  }
}

export function isCall({ type }: { readonly type: string }): boolean {
  return type === 'function_call' || type === 'custom_tool_call'
}

/** What is known of an item that never ended. Of a thought the encrypted form is known at its end alone. */
function ended(item: WireItem, cut: boolean): WireItem {
  const { encrypted_content: _, ...known } = item
  return { ...known, ...(item['status'] !== undefined && { status: cut ? 'incomplete' : 'completed' }) } as WireItem // its type among it
}

function toolCall(item: WireItem, streamed: string, id: (given: string | undefined) => string): ToolCallPart {
  const custom = item.type === 'custom_tool_call'
  const whole = item[custom ? 'input' : 'arguments']
  // Some servers send an object.
  const raw = text(whole) ?? (isRecord(whole) ? JSON.stringify(whole) : streamed)
  return callPart(item, raw, id(text(item['call_id']) ?? text(item['id'])))
}

function sectionsOf(item: WireItem): Section[] {
  const summary = items(item['summary']).map((one, index) => section('summary', index, one))
  const content = items(item['content']).map((one, index) => {
    const kind = item.type === 'reasoning' ? 'thought' : one.type === 'refusal' ? 'refusal' : 'text'
    return section(kind, index, one)
  })
  return [...summary, ...content]
}

function section(kind: Section['kind'], index: number, part: WireItem): Section {
  return { kind, index, text: text(part['text']) ?? text(part['refusal']) ?? '', facts: factsOf(part) }
}

/** What stands beside a text: citations, where there are any. */
function factsOf(part: WireItem): { readonly [key: string]: JSONValue } {
  const said = Object.entries(part).filter(
    ([key, value]) =>
      !['type', 'text', 'refusal'].includes(key) && value !== null && !(Array.isArray(value) && value.length === 0),
  )
  return Object.fromEntries(said) as { [key: string]: JSONValue } // parsed from JSON
}

function keyOf({ kind, index }: Section): string {
  return `${kind} ${index}`
}

function deltaOf({ kind }: Section, piece: string): ProviderEvent {
  const type = kind === 'text' || kind === 'refusal' ? 'text_delta' : 'reasoning_delta'
  return { type, text: piece }
}
