import { LLMError, type AssistantPart, type JSONValue, type ProviderEvent, type ToolCallPart } from '@wayfare/core'
import { isRecord } from '@wayfare/provider-kit'
import { blockPart, callPart, identityOf, reasoningPart, restOf, textPart, type Section } from './parts.ts'
import { items, text, type WireDelta, type WireItem } from './wire.ts'

/** Of the input of one call. */
const maxInput = 8 * 1024 * 1024

/** How an item ended. */
export interface ItemEnd {
  /** The whole of it, where the server sent it: without it, and without its input, the end of a call is not known. */
  readonly final: WireItem | undefined
  /** Whether the answer was cut short, perhaps in this item. */
  readonly cut: boolean
  /** Makes the id of a call from the one that the server gave. */
  readonly id: (given: string | undefined) => string
}

/** An item of the output while it is being written: its pieces become deltas, its texts and its end become parts. */
export class OutputItem {
  /** Its place in the output, as far as the stream told. */
  readonly index: number | undefined
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
  #input: string[] = []
  #size = 0
  /** Whether the server said that the input is whole. */
  #inputDone = false

  constructor(index: number | undefined, item: WireItem, toolIndex: number) {
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
    if (kind === 'input') return this.#inputPiece(piece, out)
    const known = this.#current
    const goesOn = known !== undefined && known.kind === kind && known.index === section
    const current = goesOn ? known : this.#open({ kind, index: section, text: '', facts: {} }, out)
    if (current === undefined) return
    current.text += piece
    out.push(deltaOf(current, piece))
  }

  /** The whole of a text, of which pieces may be missing, perhaps all of them. */
  textDone({ kind, section, text: whole }: WireDelta, out: ProviderEvent[]): void {
    if (kind !== 'input') {
      if (whole !== '') this.#fill({ kind, index: section, text: whole, facts: {} }, out)
      return
    }
    this.#inputDone = true
    const known = this.#input.join('')
    if (whole.startsWith(known)) {
      if (whole.length > known.length) this.#inputPiece(whole.slice(known.length), out)
    } else if (whole !== '') this.#input = [whole]
  }

  /** A text is complete; what stands beside it is kept until the next text begins or the item ends. */
  sectionDone(index: number, part: WireItem, out: ProviderEvent[]): void {
    if (this.type !== 'message' && this.type !== 'reasoning') return
    const done = section(contentKind(this.#item, part), index, part)
    if (done.text !== '') this.#complete(done, out)
    else if (this.#current?.index === index) this.#current.facts = done.facts
  }

  /** The item is over. False when it is a call that was cut short, which is dropped. */
  finish({ final, cut, id }: ItemEnd, out: ProviderEvent[]): boolean {
    this.finished = true
    this.#item = final === undefined ? ended(this.#item, cut) : isCall(final) ? { ...this.#item, ...final } : final
    const item = this.#item
    if (isCall(item)) {
      const call = this.#call(final, cut, id)
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

  /** The call as far as it is known. Without an end, input that is empty is lost, and no input. */
  #call(final: WireItem | undefined, cut: boolean, id: ItemEnd['id']): ToolCallPart {
    const streamed = this.#input.join('')
    const raw = final === undefined ? streamed : inputOf(final) || streamed
    return callPart(this.#item, raw, {
      id: id(text(this.#item['call_id']) ?? text(this.#item['id'])),
      whole: this.#inputDone || (final !== undefined && isWhole(final, cut)),
    })
  }

  #inputPiece(piece: string, out: ProviderEvent[]): void {
    this.#input.push(piece)
    this.#size += piece.length
    if (this.#size > maxInput) throw new LLMError('response_too_large', 'the input of a tool call is larger than 8 MiB')
    out.push(this.#progress(piece))
  }

  #complete(section: Section, out: ProviderEvent[]): void {
    const current = this.#fill(section, out)
    if (current !== undefined) current.facts = section.facts
  }

  /** Adds the pieces that never came, perhaps all of them. */
  #fill(section: Section, out: ProviderEvent[]): Section | undefined {
    const current = this.#open({ ...section, text: '' }, out)
    const rest = current !== undefined && section.text.startsWith(current.text)
    if (!rest || section.text === current.text) return current
    const piece = section.text.slice(current.text.length)
    current.text = section.text
    out.push(deltaOf(current, piece))
    return current
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

/** The input that an item holds; '' where it holds none. */
function inputOf(item: WireItem): string {
  const input = item[item.type === 'custom_tool_call' ? 'input' : 'arguments']
  // Some servers send an object.
  return text(input) ?? (isRecord(input) ? JSON.stringify(input) : '')
}

/** Whether an item was written to its end; in an answer that was cut short it has to say so. */
function isWhole({ status }: WireItem, cut: boolean): boolean {
  return status === 'completed' || (!cut && status !== 'incomplete' && status !== 'in_progress')
}

function sectionsOf(item: WireItem): Section[] {
  const summary = items(item['summary']).map((one, index) => section('summary', index, one))
  const content = items(item['content']).map((one, index) => section(contentKind(item, one), index, one))
  return [...summary, ...content]
}

function contentKind(item: WireItem, part: WireItem): Section['kind'] {
  return item.type === 'reasoning' ? 'thought' : part.type === 'refusal' ? 'refusal' : 'text'
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
