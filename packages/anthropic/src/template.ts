import { isRecord } from '@wayfare/provider-kit'
import type { WireEvent } from './wire.ts'

export type DeltaEvent = Extract<WireEvent, { type: 'content_block_delta' }>

/** Where the deltas that come by the thousand hold their string. */
const fields: Readonly<Record<string, string>> = {
  text_delta: 'text',
  thinking_delta: 'thinking',
  input_json_delta: 'partial_json',
}

/**
 * Reads the deltas that differ from an earlier one in a single string, without parsing the rest of them again. An event is
 * equal to the earlier one but for that string when the text before it is the same and only braces follow it.
 */
export class DeltaTemplate {
  #before: string | undefined
  #index = 0
  #type = ''
  #field = ''

  /** The event, or `undefined` when it has to be parsed as a whole. */
  read(data: string): DeltaEvent | undefined {
    const before = this.#before
    if (before === undefined || data.slice(0, before.length) !== before) return undefined
    const end = data.lastIndexOf('"') + 1
    if (end <= before.length || !endsDelta(data.slice(end))) return undefined
    const piece = stringIn(data.slice(before.length, end))
    if (piece === undefined) return undefined
    return { type: 'content_block_delta', index: this.#index, delta: { type: this.#type, [this.#field]: piece } }
  }

  /** Takes an event that was parsed as the pattern of those to come, if its string is where it can be found again. */
  learn(data: string, { index, delta }: DeltaEvent): void {
    const field = fields[delta.type]
    if (field === undefined) return
    // A quotation mark inside a string is escaped, so that this can only be the name of a field.
    const name = `"${field}":`
    const at = data.lastIndexOf(name)
    const before = data.slice(0, data.indexOf('"', at + name.length))
    if (at === -1 || !isPattern(before, index, delta.type, field)) return
    this.#before = before
    this.#index = index
    this.#type = delta.type
    this.#field = field
  }
}

/** Proves it with another string in the place. */
function isPattern(before: string, index: number, type: string, field: string): boolean {
  try {
    const event: unknown = JSON.parse(`${before}"?"}}`)
    if (!isRecord(event) || event['type'] !== 'content_block_delta' || event['index'] !== index) return false
    const { delta } = event
    return isRecord(delta) && delta['type'] === type && delta[field] === '?'
  } catch {
    return false
  }
}

/** The vendor pads its events with white space. */
function endsDelta(rest: string): boolean {
  return rest === '}}' || /^\s*\}\s*\}\s*$/.test(rest)
}

/** The string that the text is, alone. Parsing it also copies it, so that the event need not be kept. */
function stringIn(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'string' ? value : undefined
  } catch {
    return undefined
  }
}
