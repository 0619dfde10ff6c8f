import { EventTemplate, type SSEDecode } from '@wayfare/provider-kit'
import type { WireEvent } from './wire.ts'

export type DeltaEvent = Extract<WireEvent, { type: 'content_block_delta' }>

/** Where the deltas that come by the thousand hold their string. */
const fields: Readonly<Record<string, string>> = {
  text_delta: 'text',
  thinking_delta: 'thinking',
  input_json_delta: 'partial_json',
}

/** Reads the deltas that differ from an earlier one in a single string, without parsing the rest of them again. */
export class DeltaTemplate {
  /** The block that known deltas belong to. */
  index = 0
  readonly #templates = new Map<string, EventTemplate>()
  #known: EventTemplate | undefined

  /** The string of an event like the one learnt, or `undefined` when it has to be parsed as a whole. */
  read(data: string): string | undefined {
    return this.#known?.read(data)
  }

  /** The same for events among the lines of a stream: hands out their strings, and says where the first other one begins, or -1. */
  match(text: string, at: number, take: (piece: string) => void, decode?: SSEDecode): number {
    return this.#known === undefined ? -1 : this.#known.match(text, at, take, decode)
  }

  /** Takes an event as the pattern of those to come. `value`: the same, as it was parsed; `name`: in its stream. */
  learn(data: string, value: unknown, { index, delta }: DeltaEvent, name?: string): void {
    const field = fields[delta.type]
    if (field === undefined) return
    const template = this.#templates.get(field) ?? new EventTemplate({ at: ['delta', field] })
    this.#templates.set(field, template)
    if (!template.learn(data, value, name)) return
    this.#known = template
    this.index = index
  }
}
