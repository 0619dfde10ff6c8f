import type { AssistantPart, FilePart, JSONValue, ReasoningPart, TextPart, ToolCallPart } from '@wayfare/core'
import { isRecord, parseJSON } from '@wayfare/provider-kit'
import { text, type SectionKind, type WireItem } from './wire.ts'

type Facts = { readonly [key: string]: JSONValue }

/** One text of an item: several of them may make up a message or a thought. */
export interface Section {
  readonly kind: Exclude<SectionKind, 'input'>
  readonly index: number
  text: string
  facts: Facts
}

/**
 * What a part keeps of the item that it came from, so that the item can be sent back as it was. `item` is what belongs to the
 * whole of it; parts of one item share its id, and the last one has the rest.
 */
export interface Kept {
  readonly item: Facts
  /** Of a text: which of the item's texts it is, unless it is the usual one. */
  readonly kind?: 'refusal' | 'thought'
  /** Of a text: citations and the like. */
  readonly facts?: Facts
  /** Of a call whose input is text of any form. */
  readonly custom?: true
}

export function textPart(section: Section, item: Facts): TextPart | undefined {
  if (section.text === '') return undefined
  return { type: 'text', text: section.text, ...metadata(section, item) }
}

/** A thought may be nothing but its encrypted form. */
export function reasoningPart(section: Section | undefined, item: Facts): ReasoningPart | undefined {
  const said = section ?? { kind: 'summary', index: 0, text: '', facts: {} }
  if (said.text === '' && item['encrypted_content'] === undefined) return undefined
  return { type: 'reasoning', text: said.text, ...metadata(said, item) }
}

/**
 * Input of any form is a text; other input that is not JSON makes a call invalid. So does the end of an input that never came:
 * of one that is not known to be `whole` only JSON is believed, since it has its end in itself.
 */
export function callPart(
  item: WireItem,
  raw: string,
  { id, whole }: { readonly id: string; readonly whole: boolean },
): ToolCallPart {
  const custom = item.type === 'custom_tool_call'
  const rawInput = raw === '' && !custom && whole ? '{}' : raw
  const parsed = !custom ? read(rawInput) : whole ? { input: raw } : undefined
  return {
    type: 'tool_call',
    id,
    name: text(item['name']) ?? '',
    input: parsed?.input ?? {},
    rawInput,
    ...(parsed === undefined && { invalid: true as const }),
    ...kept({ item: restOf(item), ...(custom && { custom }) }),
  }
}

/** An image that the model made is a file; everything else only the vendor understands. */
export function blockPart(item: WireItem): AssistantPart {
  const { result } = item
  if (item.type === 'image_generation_call' && typeof result === 'string' && result !== '') return image(item, result)
  return { type: 'provider', vendor: 'openai', kind: item.type, value: item as JSONValue } // parsed from JSON
}

/** What is said of a whole item beside what its parts hold. */
export function restOf(item: WireItem): Facts {
  const held = holdings[item.type] ?? []
  const said = Object.entries(item).filter(([key, value]) => key !== 'type' && value !== null && !held.includes(key))
  return Object.fromEntries(said) as Facts // parsed from JSON
}

/** What ties the parts of an item together. */
export function identityOf(item: WireItem): Facts {
  const id = text(item['id'])
  return id === undefined ? {} : { id }
}

/** What a part of a history keeps of its item; undefined when it came from elsewhere. */
export function keptOf(part: { readonly providerMetadata?: AssistantPart['providerMetadata'] }): Kept | undefined {
  const facts = part.providerMetadata?.['openai']
  if (!isRecord(facts) || !isRecord(facts['item'])) return undefined
  return facts as unknown as Kept // made here, or by a user who writes the same
}

/** The fields of items that live in their parts. */
const holdings: { readonly [type: string]: readonly string[] } = {
  message: ['role', 'content'],
  reasoning: ['summary', 'content'],
  function_call: ['call_id', 'name', 'arguments'],
  custom_tool_call: ['call_id', 'name', 'input'],
  image_generation_call: ['result'],
}

function image(item: WireItem, data: string): FilePart {
  const format = text(item['output_format']) ?? 'png'
  return { type: 'file', mediaType: `image/${format}`, data, ...kept({ item: restOf(item) }) }
}

function metadata({ kind, facts }: Section, item: Facts): ReturnType<typeof kept> {
  const special = kind === 'refusal' || kind === 'thought'
  return kept({ item, ...(special && { kind }), ...(Object.keys(facts).length > 0 && { facts }) })
}

function kept(openai: Kept): { readonly providerMetadata: { readonly openai: JSONValue } } {
  return { providerMetadata: { openai: { ...openai } } }
}

function read(raw: string): { readonly input: unknown } | undefined {
  try {
    return { input: parseJSON(raw) }
  } catch {
    return undefined
  }
}
