import { isRecord } from '@wayfare/provider-kit'

export type Wire = Readonly<Record<string, unknown>>

/** An item of the input or the output. Only its type is certain. */
export interface WireItem {
  readonly type: string
  readonly [key: string]: unknown
}

/** Which text of an item a piece belongs to. */
export type SectionKind = 'text' | 'refusal' | 'summary' | 'thought' | 'input'

/** A piece of text of an item, or with `text_done` the whole of it. `section` counts the texts of one kind. */
export interface WireDelta {
  readonly type: 'delta' | 'text_done'
  readonly index: number
  readonly kind: SectionKind
  readonly section: number
  readonly itemType: string
  readonly text: string
}

/** An event of the stream, as far as it is understood; `undefined` for everything else, which is ignored. */
export type WireEvent =
  | WireDelta
  /** The response as it stands at its beginning. */
  | { readonly type: 'response'; readonly response: Wire }
  | { readonly type: 'item_added' | 'item_done'; readonly index: number; readonly item: WireItem }
  | { readonly type: 'section_done'; readonly index: number; readonly section: number; readonly part: WireItem }
  | { readonly type: 'end'; readonly status: 'completed' | 'incomplete' | 'failed'; readonly response: Wire }
  | { readonly type: 'error'; readonly body: Wire }
  /** Content whose place nobody knows: passing over it would lose a part of the answer. */
  | { readonly type: 'unreadable' }

interface Family {
  readonly itemType: string
  readonly kind: SectionKind
  /** The field that counts the sections. */
  readonly counter?: string
  /** The field that holds the whole text once it is done. */
  readonly whole: string
}

/** The events that bring texts: each family has a `.delta` for a piece and a `.done` for the whole. */
const families: ReadonlyMap<string, Family> = new Map([
  ['response.output_text', { itemType: 'message', kind: 'text', counter: 'content_index', whole: 'text' }],
  ['response.refusal', { itemType: 'message', kind: 'refusal', counter: 'content_index', whole: 'refusal' }],
  [
    'response.reasoning_summary_text',
    { itemType: 'reasoning', kind: 'summary', counter: 'summary_index', whole: 'text' },
  ],
  ['response.reasoning_text', { itemType: 'reasoning', kind: 'thought', counter: 'content_index', whole: 'text' }],
  ['response.function_call_arguments', { itemType: 'function_call', kind: 'input', whole: 'arguments' }],
  ['response.custom_tool_call_input', { itemType: 'custom_tool_call', kind: 'input', whole: 'input' }],
])

export function wireEvent(value: unknown): WireEvent | undefined {
  if (!isRecord(value)) return undefined
  const { type } = value
  // Some servers send an error without a type.
  if (type === 'error' || (type === undefined && isRecord(value['error']))) return { type: 'error', body: value }
  if (typeof type !== 'string') return undefined
  const [, name = '', end] = /^(.*)\.(delta|done)$/.exec(type) ?? []
  const family = families.get(name)
  if (family !== undefined) return textEvent(value, family, end === 'done' ? 'text_done' : 'delta')
  const response = isRecord(value['response']) ? value['response'] : {}
  switch (type) {
    case 'response.created':
    case 'response.in_progress':
    case 'response.queued':
      return { type: 'response', response }
    case 'response.output_item.added':
    case 'response.output_item.done': {
      const { item } = value
      if (!isIndex(value['output_index']) || !isItem(item)) return { type: 'unreadable' }
      return { type: type.endsWith('added') ? 'item_added' : 'item_done', index: value['output_index'], item }
    }
    case 'response.content_part.done': {
      const { output_index: index, content_index: section, part } = value
      return isIndex(index) && isIndex(section) && isItem(part)
        ? { type: 'section_done', index, section, part }
        : undefined
    }
    case 'response.completed':
      return { type: 'end', status: statusOf(response, 'completed'), response }
    case 'response.incomplete':
      return { type: 'end', status: statusOf(response, 'incomplete'), response }
    case 'response.failed':
      return { type: 'end', status: 'failed', response }
    default:
      return undefined
  }
}

/** Whether a value says which event it is, be it one that nobody knows yet. */
export function isNamed(value: unknown): boolean {
  return isRecord(value) && typeof value['type'] === 'string'
}

function isItem(value: unknown): value is WireItem {
  return isRecord(value) && typeof value['type'] === 'string'
}

/** A string that is not empty. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** The items of a list; anything else is left out. */
export function items(value: unknown): readonly WireItem[] {
  return Array.isArray(value) ? value.filter(isItem) : []
}

/** What a response says of its own end goes before the name of the event, unless it is better news. */
function statusOf({ status }: Wire, named: 'completed' | 'incomplete'): 'completed' | 'incomplete' | 'failed' {
  if (status === 'failed' || status === 'cancelled') return 'failed'
  return status === 'incomplete' ? status : named
}

function textEvent(
  value: Wire,
  { itemType, kind, counter, whole }: Family,
  type: WireDelta['type'],
): WireEvent | undefined {
  const { output_index: index } = value
  const piece = value[type === 'delta' ? 'delta' : whole]
  if (type === 'text_done' && typeof piece !== 'string') return undefined
  if (!isIndex(index)) return { type: 'unreadable' }
  if (typeof piece !== 'string') return piece === undefined || piece === null ? undefined : { type: 'unreadable' }
  const section = counter === undefined ? 0 : (value[counter] ?? 0)
  return isIndex(section) ? { type, index, kind, section, itemType, text: piece } : { type: 'unreadable' }
}

function isIndex(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 1_000_000
}
