import { EventTemplate } from '@wayfare/provider-kit'
import type { WireEvent } from './wire.ts'

export type DeltaEvent = Extract<WireEvent, { type: 'content_block_delta' }>

/** Where the deltas that come by the thousand hold their string. */
const fields: Readonly<Record<string, string>> = {
  text_delta: 'text',
  thinking_delta: 'thinking',
  input_json_delta: 'partial_json',
}

interface Pattern {
  readonly template: EventTemplate
  readonly index: number
  readonly type: string
  readonly field: string
}

/** Reads the deltas that differ from an earlier one in a single string, without parsing the rest of them again. */
export class DeltaTemplate {
  readonly #templates = new Map<string, EventTemplate>()
  #pattern: Pattern | undefined

  /** The event, or `undefined` when it has to be parsed as a whole. */
  read(data: string): DeltaEvent | undefined {
    const pattern = this.#pattern
    const piece = pattern?.template.read(data)
    if (pattern === undefined || piece === undefined) return undefined
    const { index, type, field } = pattern
    return { type: 'content_block_delta', index, delta: { type, [field]: piece } }
  }

  /** Takes an event as the pattern of those to come. `value`: the same, as it was parsed. */
  learn(data: string, value: unknown, { index, delta }: DeltaEvent): void {
    const { type } = delta
    const field = fields[type]
    if (field === undefined) return
    const template = this.#templates.get(field) ?? new EventTemplate({ at: ['delta', field] })
    this.#templates.set(field, template)
    if (template.learn(data, value)) this.#pattern = { template, index, type, field }
  }
}
