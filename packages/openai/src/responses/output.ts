import type { ProviderEvent } from '@wayfare/core'
import { isRecord } from '@wayfare/provider-kit'
import { isCall, OutputItem } from './item.ts'
import { sameItems } from './same-items.ts'
import { items, text, type WireDelta, type WireItem } from './wire.ts'

/** Calls that the vendor leaves to the client: nothing has run yet. */
const clientCalls: ReadonlySet<string> = new Set([
  'function_call',
  'custom_tool_call',
  'computer_call',
  'local_shell_call',
  'apply_patch_call',
])

/**
 * The output in the order of its items, although they may overlap: an item is shown once those before it are written, so that
 * runs and parts come out as the history has to hold them.
 */
export class Output {
  /** Complete tool calls handed out. */
  calls = 0
  /** Tool calls that a limit cut short; they are dropped. */
  incomplete = 0
  searches = 0
  refused = false
  readonly #byIndex = new Map<number, OutputItem>()
  readonly #all: OutputItem[] = []
  #open: OutputItem[] = []
  #toolIndex = 0
  readonly #ids = new Set<string>()
  readonly #madeId: (index: number) => string

  /** `madeId`: for a call without an id of its own. */
  constructor(madeId: (index: number) => string) {
    this.#madeId = madeId
  }

  added(index: number, item: WireItem, out: ProviderEvent[]): OutputItem {
    const before = this.#byIndex.get(index)
    if (before !== undefined && !before.finished) this.#finish(before, undefined, false, out)
    const made = this.#begin(index, item, out)
    this.#byIndex.set(index, made)
    return made
  }

  /** A piece of text at the place of a delta, which may be an earlier one of the same text. */
  delta(delta: WireDelta, piece: string, out: ProviderEvent[]): void {
    const known = this.#byIndex.get(delta.index)
    if (known?.finished === true) return
    const item = known ?? this.added(delta.index, { type: delta.itemType }, out)
    if (delta.kind === 'refusal') this.refused = true
    item.delta(delta, piece, this.#sink(item, out))
  }

  /** The whole of a text, at the place of its pieces. */
  textDone(whole: WireDelta, out: ProviderEvent[]): void {
    const known = this.#byIndex.get(whole.index)
    if (known?.finished === true) return
    const item = known ?? this.added(whole.index, { type: whole.itemType }, out)
    if (whole.kind === 'refusal') this.refused = true
    item.textDone(whole, this.#sink(item, out))
  }

  sectionDone(index: number, section: number, part: WireItem, out: ProviderEvent[]): void {
    const known = this.#byIndex.get(index)
    if (known?.finished === false) known.sectionDone(section, part, this.#sink(known, out))
  }

  done(index: number, item: WireItem, out: ProviderEvent[]): void {
    const known = this.#byIndex.get(index)
    if (known?.finished === true) return
    this.#finish(known ?? this.added(index, item, out), item, false, out)
  }

  /**
   * The response is over; `whole` is the output as the response repeats it, which may be empty. `cut`: by a limit, so that
   * what was still being written is not a call.
   */
  end(whole: unknown, cut: boolean, out: ProviderEvent[]): void {
    const finals = items(whole)
    const streamed = sameItems(finals, this.#all)
    for (const item of finals) {
      const known = streamed.get(item) ?? this.#begin(undefined, item, out)
      if (!known.finished) this.#finish(known, item, cut, out)
    }
    for (const item of this.#open.slice()) if (!item.finished) this.#finish(item, undefined, cut, out)
  }

  #begin(index: number | undefined, item: WireItem, out: ProviderEvent[]): OutputItem {
    const made = new OutputItem(index, item, isCall(item) ? this.#toolIndex++ : -1)
    this.#all.push(made)
    this.#open.push(made)
    if (ranThere(item)) out.push({ type: 'side_effect', name: text(item['name']) ?? item.type })
    made.begin(this.#sink(made, out))
    return made
  }

  #finish(item: OutputItem, final: WireItem | undefined, cut: boolean, out: ProviderEvent[]): void {
    const sink = this.#sink(item, out)
    if (!item.finish({ final, cut, id: (given) => this.#idOf(given) }, sink)) this.incomplete++
    else if (isCall(item)) this.calls++
    if (isSearch(item.item)) this.searches++
    if (items(item.item['content']).some((part) => part.type === 'refusal')) this.refused = true
    while (this.#open[0]?.finished === true) {
      this.#open.shift()
      for (const event of this.#open[0]?.waiting.splice(0) ?? []) out.push(event)
    }
  }

  /** Where the events of an item go: out, or aside as long as an earlier item is being written. */
  #sink(item: OutputItem, out: ProviderEvent[]): ProviderEvent[] {
    return this.#open[0] === item ? out : item.waiting
  }

  /** Two calls of one id could not be answered apart. */
  #idOf(given: string | undefined): string {
    const id = given === undefined || this.#ids.has(given) ? this.#madeId(this.#ids.size) : given
    this.#ids.add(id)
    return id
  }
}

/** Whether an item is a tool that ran at the vendor's. What is new and calls itself a call is taken for one. */
function ranThere(item: WireItem): boolean {
  if (!item.type.endsWith('_call') || clientCalls.has(item.type)) return false
  const { environment } = item
  return !(item.type === 'shell_call' && isRecord(environment) && environment['type'] === 'local')
}

/** Opening a page that was found is not billed as a search. */
function isSearch({ type, action }: WireItem): boolean {
  return type === 'web_search_call' && (isRecord(action) ? (action['type'] ?? 'search') : 'search') === 'search'
}
