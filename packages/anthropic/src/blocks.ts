import { LLMError } from '@wayfare/core'
import type { JSONValue, ProviderEvent } from '@wayfare/core'
import { isRecord } from '@wayfare/provider-kit'
import { parsed, partOf, rawInput } from './block.ts'
import type { Block, Kind } from './block.ts'
import { text } from './wire.ts'
import type { WireBlock } from './wire.ts'

/** Of the arguments of one call. */
const maxInput = 8 * 1024 * 1024

/**
 * Content blocks in the order in which they began, although they may overlap and a signature may come late. A block is
 * shown once those before it are written, so that runs and parts come out in the order of the blocks.
 */
export class Blocks {
  /** Complete tool calls handed out. */
  calls = 0
  /** Tool calls that the limit cut short; they are dropped. */
  incomplete = 0
  #toolIndex = 0
  #latest: Block | undefined
  readonly #byIndex = new Map<number, Block>()
  #waiting: Block[] = []
  readonly #outputTool: string | undefined
  readonly #madeId: (toolIndex: number) => string
  readonly #ids = new Set<string>()

  /** `outputTool`: the tool whose input is the answer's text. `madeId`: for a call without an id of its own. */
  constructor(outputTool: string | undefined, madeId: (toolIndex: number) => string) {
    this.#outputTool = outputTool
    this.#madeId = madeId
  }

  start(index: number, start: WireBlock, out: ProviderEvent[]): void {
    const before = this.#byIndex.get(index)
    if (before !== undefined) before.stopped = true
    const kind = this.#kindOf(start)
    const block: Block = {
      kind,
      start,
      toolIndex: kind === 'tool' ? this.#toolIndex++ : -1,
      written: '',
      hidden: undefined,
      shown: false,
      signature: text(start['signature']),
      citations: Array.isArray(start['citations']) ? (start['citations'] as JSONValue[]) : [], // parsed from JSON
      stopped: false,
    }
    this.#byIndex.set(index, block)
    this.#waiting.push(block)
    this.#latest = block
    if (start.type.endsWith('_tool_use')) out.push({ type: 'side_effect', name: text(start['name']) ?? start.type })
    if (kind === 'tool') out.push(this.#progress(block, ''))
    const first = text(start[start.type === 'thinking' ? 'thinking' : 'text'])
    if (first !== undefined && (kind === 'text' || kind === 'reasoning')) {
      block.written = first
      hide(block, first)
    }
    this.#drain(out)
  }

  delta(index: number, delta: WireBlock, out: ProviderEvent[]): void {
    const block = this.#byIndex.get(index)
    if (block === undefined) return
    switch (delta.type) {
      case 'text_delta':
        this.#append(block, delta['text'], out)
        break
      case 'thinking_delta':
        this.#append(block, delta['thinking'], out)
        break
      case 'input_json_delta':
        this.#append(block, delta['partial_json'], out)
        break
      case 'compaction_delta':
        this.#append(block, delta['content'], out)
        break
      case 'signature_delta':
        block.signature = text(delta['signature']) ?? block.signature
        if (block.stopped) this.#drain(out)
        break
      case 'citations_delta':
        if (isRecord(delta['citation'])) block.citations.push(delta['citation'] as JSONValue) // parsed from JSON
        break
    }
  }

  /** Takes deltas of which only the strings are left. */
  appending(index: number, out: ProviderEvent[]): (piece: string) => void {
    const block = this.#byIndex.get(index)
    return (piece) => this.#append(block, piece, out)
  }

  stop(index: number, out: ProviderEvent[]): void {
    const block = this.#byIndex.get(index)
    if (block === undefined) return
    block.stopped = true
    this.#drain(out)
  }

  /** The message is over. `cut`: by a limit, so that what was still being written is not a call. */
  end(cut: boolean, out: ProviderEvent[]): void {
    for (const block of this.#waiting) block.stopped = true
    this.#drain(out, { cut })
  }

  #append(block: Block | undefined, piece: unknown, out: ProviderEvent[]): void {
    if (block === undefined || typeof piece !== 'string' || piece === '') return
    block.written += piece
    if (block.kind === 'tool') {
      if (block.written.length > maxInput)
        throw new LLMError('response_too_large', 'the input of a tool call is larger than 8 MiB')
      out.push(this.#progress(block, piece))
    } else if (block.kind === 'text' && this.#waiting.length === 1 && this.#waiting[0] === block && !block.hidden) {
      // They come by the thousand, mostly with nothing to wait for.
      block.shown = true
      out.push({ type: 'text_delta', text: piece })
    } else if (block.kind !== 'provider') {
      hide(block, piece)
      this.#drain(out)
    }
  }

  #drain(out: ProviderEvent[], end?: { readonly cut: boolean }): void {
    const only = this.#waiting[0]
    if (this.#waiting.length === 1 && only?.stopped === false) return show(only, out)
    const open = new Set<Kind>()
    const rest: Block[] = []
    for (const [at, block] of this.#waiting.entries()) {
      // The run of this type belongs to an earlier block: this one, and all after it, wait.
      const blocked = open.has(block.kind)
      if (!blocked) show(block, out)
      if (!blocked && this.#settled(block, end)) {
        this.#handOut(block, end, out)
        continue
      }
      rest.push(block)
      open.add(block.kind)
      // What comes next would split a run that still grows.
      if (blocked || !block.stopped || !block.shown) {
        rest.push(...this.#waiting.slice(at + 1))
        break
      }
    }
    this.#waiting = rest
  }

  /** Whether nothing more is expected that would change the block. */
  #settled(block: Block, end: { readonly cut: boolean } | undefined): boolean {
    if (end !== undefined) return true
    if (!block.stopped) return false
    if (block.kind === 'reasoning') return block.signature !== undefined
    if (block.kind === 'tool') return block !== this.#latest || parsed(rawInput(block)) !== undefined
    return true
  }

  #handOut(block: Block, end: { readonly cut: boolean } | undefined, out: ProviderEvent[]): void {
    const part = partOf(block, () => this.#idOf(block))
    if (part === undefined) return
    if (part.type === 'tool_call') {
      const raw = rawInput(block)
      if (end?.cut === true && block === this.#latest && parsed(raw) === undefined) {
        this.incomplete++
        return
      }
      this.calls++
    }
    out.push({ type: 'part', part })
  }

  /** Two calls of one id could not be answered apart. */
  #idOf(block: Block): string {
    const given = text(block.start['id'])
    const id = given === undefined || this.#ids.has(given) ? this.#madeId(block.toolIndex) : given
    this.#ids.add(id)
    return id
  }

  #kindOf(start: WireBlock): Kind {
    if (start.type === 'text') return 'text'
    if (start.type === 'thinking') return 'reasoning'
    if (start.type !== 'tool_use') return 'provider'
    return this.#outputTool !== undefined && start['name'] === this.#outputTool ? 'text' : 'tool'
  }

  #progress(block: Block, piece: string): ProviderEvent {
    const id = text(block.start['id'])
    const name = text(block.start['name'])
    return {
      type: 'tool_call_delta',
      index: block.toolIndex,
      ...(id !== undefined && { id }),
      ...(name !== undefined && { name }),
      rawInput: piece,
    }
  }
}

function hide(block: Block, piece: string): void {
  block.hidden ??= []
  block.hidden.push(piece)
}

function show(block: Block, out: ProviderEvent[]): void {
  if (block.kind !== 'text' && block.kind !== 'reasoning') return
  // An answer by tool may arrive whole, as the input of its start.
  if (block.stopped && block.written === '' && block.start.type === 'tool_use') {
    block.written = rawInput(block) || '{}'
    hide(block, block.written)
  }
  if (block.hidden === undefined) return
  const type = block.kind === 'text' ? 'text_delta' : 'reasoning_delta'
  for (const text of block.hidden) out.push({ type, text })
  block.hidden = undefined
  block.shown = true
}
