import type { AssistantPart, ProviderEvent } from '@wayfare/core'
import type { ReasoningKeeper } from './dialect.ts'
import { text, textOf, type Wire } from './wire.ts'

/** Finds the reasoning in deltas, in whichever field a vendor puts it, and makes its parts. */
export class Reasoning {
  readonly #vendor: string
  readonly #keeper: ReasoningKeeper | undefined
  readonly #runs: { text: string }[] = []
  #field = 'reasoning_content'
  #open = false

  constructor(vendor: string, keeper: ReasoningKeeper | undefined) {
    this.#vendor = vendor
    this.#keeper = keeper
  }

  add(delta: Wire, out: ProviderEvent[]): void {
    this.#keeper?.add(delta)
    const found = find(delta)
    if (found === undefined) return
    this.#field = found.field
    if (!this.#open) this.#runs.push({ text: '' })
    this.#open = true
    const run = this.#runs.at(-1)
    if (run !== undefined) run.text += found.text
    out.push({ type: 'reasoning_delta', text: found.text })
  }

  /** Other content came: what follows is a part of its own. */
  interrupt(): void {
    this.#open = false
  }

  /** What was kept goes with the first part; without any text it makes one. */
  parts(): AssistantPart[] {
    const kept = this.#keeper?.kept()
    if (kept !== undefined && this.#runs.length === 0) this.#runs.push({ text: '' })
    return this.#runs.map((run, index) => ({
      type: 'reasoning',
      text: run.text,
      providerMetadata: {
        [this.#vendor]: { field: this.#field, ...(index === 0 && kept !== undefined && { kept }) },
      },
    }))
  }
}

function find(delta: Wire): { field: string; text: string } | undefined {
  for (const field of ['reasoning_content', 'reasoning']) {
    const found = text(delta[field])
    if (found !== undefined) return { field, text: found }
  }
  if (Array.isArray(delta['content'])) {
    const thought = textOf(delta['content'], 'thinking')
    if (thought !== '') return { field: 'content', text: thought }
  }
  if (!Array.isArray(delta['reasoning_details'])) return undefined
  const detail = textOf(
    delta['reasoning_details'].map((one: unknown) => ({ type: 'text', ...pick(one) })),
    'text',
  )
  return detail === '' ? undefined : { field: 'reasoning_details', text: detail }
}

function pick(detail: unknown): { text: string } {
  const { text: own, summary } = (detail ?? {}) as Wire // null and undefined aside, reading a property is always safe
  return { text: text(own) ?? text(summary) ?? '' }
}
