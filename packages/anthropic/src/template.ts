import { EventTemplate, type EventForm } from '@wayfare/provider-kit'
import type { WireEvent } from './wire.ts'

export type DeltaEvent = Extract<WireEvent, { type: 'content_block_delta' }>

/** Where the deltas that come by the thousand hold their string. */
const fields: Readonly<Record<string, string>> = {
  text_delta: 'text',
  thinking_delta: 'thinking',
  input_json_delta: 'partial_json',
}

/** Deltas of one content block, of which only the string is still to be read. */
export interface Deltas {
  readonly template: EventTemplate
  readonly index: number
}

/** Reads the deltas that differ from an earlier one in a single string, without parsing the rest of them again. */
export class DeltaTemplate implements EventForm {
  readonly #templates = new Map<string, EventTemplate>()
  #known: Deltas | undefined

  /** Of the deltas that are known. */
  get kind(): Deltas {
    return this.#known!
  }

  /** The string of an event like the one learnt, or `undefined` when it has to be parsed as a whole. */
  read(data: string): string | undefined {
    return this.#known?.template.read(data)
  }

  /** The same for an event that a parser has not cut out yet: see `data` and `kind`. */
  match(text: string, at: number): number {
    return this.#known?.template.match(text, at) ?? -1
  }

  get data(): string {
    return this.#known?.template.data ?? ''
  }

  /** Takes an event as the pattern of those to come. `value`: the same, as it was parsed; `name`: in its stream. */
  learn(data: string, value: unknown, { index, delta }: DeltaEvent, name?: string): void {
    const field = fields[delta.type]
    if (field === undefined) return
    const template = this.#templates.get(field) ?? new EventTemplate({ at: ['delta', field] })
    this.#templates.set(field, template)
    if (template.learn(data, value, name)) this.#known = { template, index }
  }
}
