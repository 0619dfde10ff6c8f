import type { Turn } from '../wire.ts'
import { items } from '../narrow.ts'
import { encryptedContent } from './signature.ts'

/** One item of the output, whole, and how it is written. */
export interface OutputItem {
  /** As it begins, without what comes in pieces. */
  readonly start: Readonly<Record<string, unknown>>
  readonly whole: Readonly<Record<string, unknown>>
  readonly writing: Writing | undefined
}

/** What of an item comes in pieces. */
export interface Writing {
  /** The family of its events, as `response.output_text`. */
  readonly events: string
  /** The events around the pieces, as `response.content_part`; a call has none. */
  readonly frame?: { readonly events: string; readonly counter: string; readonly part: (text: string) => object }
  readonly text: string
  /** The field of the last event of the family that holds the whole. */
  readonly field: string
  readonly pieces: readonly string[]
}

/** The ids of items that follow a thought say so: the vendor asks for the thought when they come back. */
export function outputItems(turn: Turn): readonly OutputItem[] {
  const stem = turn.reasoning === undefined ? turn.id : `${turn.id}r`
  const made = [
    ...(turn.reasoning === undefined ? [] : [reasoning(turn.reasoning, turn)]),
    ...(turn.text === undefined ? [] : [message(turn.text, stem, turn)]),
    ...turn.toolCalls.map((_, index) => call(index, stem, turn)),
  ]
  const cut = turn.finish === 'length' || turn.finish === 'content_filter'
  return made.map((item, index) =>
    cut && index === made.length - 1 && item.whole['status'] !== undefined
      ? { ...item, whole: { ...item.whole, status: 'incomplete' } }
      : item,
  )
}

function reasoning(summary: string, turn: Turn): OutputItem {
  const id = `rs_${turn.id}`
  const wanted = items(turn.request['include']).includes('reasoning.encrypted_content')
  const part = (text: string): object => ({ type: 'summary_text', text })
  const shell = { id, type: 'reasoning', ...(wanted && { encrypted_content: encryptedContent(id, summary) }) }
  if (summary === '') return { start: { ...shell, summary: [] }, whole: { ...shell, summary: [] }, writing: undefined }
  return {
    // What the vendor encrypts first is not what it ends with.
    start: { ...shell, ...(wanted && { encrypted_content: encryptedContent(id, '') }), summary: [] },
    whole: { ...shell, summary: [part(summary)] },
    writing: {
      events: 'response.reasoning_summary_text',
      frame: { events: 'response.reasoning_summary_part', counter: 'summary_index', part },
      text: summary,
      field: 'text',
      pieces: turn.words(summary),
    },
  }
}

function message(text: string, stem: string, turn: Turn): OutputItem {
  const shell = { id: `msg_${stem}`, type: 'message', role: 'assistant' }
  const refused = turn.finish === 'refusal'
  const part = (said: string): object =>
    refused ? { type: 'refusal', refusal: said } : { type: 'output_text', annotations: [], logprobs: [], text: said }
  return {
    start: { ...shell, status: 'in_progress', content: [] },
    whole: { ...shell, status: 'completed', content: [part(text)] },
    writing: {
      events: refused ? 'response.refusal' : 'response.output_text',
      frame: { events: 'response.content_part', counter: 'content_index', part },
      text,
      field: refused ? 'refusal' : 'text',
      pieces: turn.words(text),
    },
  }
}

function call(index: number, stem: string, turn: Turn): OutputItem {
  const { name, rawInput, id } = turn.toolCalls[index]!
  const shell = {
    id: `fc_${stem}_${index}`,
    type: 'function_call',
    call_id: id ?? `call_${turn.id}_${index}`,
    name,
  }
  return {
    start: { ...shell, status: 'in_progress', arguments: '' },
    whole: { ...shell, status: 'completed', arguments: rawInput },
    writing: {
      events: 'response.function_call_arguments',
      text: rawInput,
      field: 'arguments',
      pieces: turn.pieces(rawInput),
    },
  }
}
