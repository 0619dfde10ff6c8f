import { EventTemplate, type EventForm } from '@wayfare/provider-kit'
import type { Wire } from './wire.ts'

/** Reads the chunks that differ from an earlier one in nothing but their content, and in the padding that one vendor adds. */
export class ContentTemplate {
  readonly #template = new EventTemplate({ at: ['choices', 0, 'delta', 'content'], ignored: ['obfuscation'] })

  /** The content of a chunk like the one learnt; undefined for any other, and for one without content. */
  read(data: string): string | undefined {
    const content = this.#template.read(data)
    return content === '' ? undefined : content
  }

  /** The same for chunks that a parser has not cut out yet. */
  get form(): EventForm {
    return this.#template
  }

  /** Learns from a chunk that brought content and nothing else. `name`: of its event. */
  learn(data: string, chunk: Wire, name: string): void {
    this.#template.learn(data, chunk, name)
  }
}
