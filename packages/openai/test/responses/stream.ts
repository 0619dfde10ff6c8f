import type { AssistantPart, ProviderEvent } from '@wayfare/core'
import { openai } from '../../src/index.ts'
import { answering, broken, events, sse } from '../call.ts'

type Event = { readonly type: string } & { readonly [field: string]: unknown }

const model = 'gpt-6-mini'

/** The end of a response, with an output that repeats nothing. */
export function completed(more: object = {}): Event {
  return { type: 'response.completed', response: { id: 'resp_1', model, status: 'completed', output: [], ...more } }
}

export const created: Event = { type: 'response.created', response: { id: 'resp_1', model, status: 'in_progress' } }

export function added(output_index: number, item: object): Event {
  return { type: 'response.output_item.added', output_index, item }
}

export function done(output_index: number, item: object): Event {
  return { type: 'response.output_item.done', output_index, item }
}

export function delta(family: string, output_index: number, text: string, more: object = {}): Event {
  return { type: `response.${family}.delta`, output_index, content_index: 0, delta: text, ...more }
}

/** What a stream of these events says, in network reads of so many bytes. */
export async function said(list: readonly (Event | string)[], size = 65_536): Promise<ProviderEvent[]> {
  const fetch = answering(sse(list, { done: false }), { size })
  return events(openai({ apiKey: 'k', fetch }), { model })
}

/** What it says until it fails, and how it fails. */
export async function failing(list: readonly (Event | string)[]): ReturnType<typeof broken> {
  return broken(openai({ apiKey: 'k', fetch: answering(sse(list, { done: false })) }), { model })
}

export function partsOf(all: readonly ProviderEvent[]): AssistantPart[] {
  return all.flatMap((event) => (event.type === 'part' ? [event.part] : []))
}
