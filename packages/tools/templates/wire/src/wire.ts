import { isRecord, tokens } from '@wayfare/provider-kit'
import type { Usage } from '@wayfare/core'

/** An event of a stream, or a whole answer: they have one shape. */
export interface WireEvent {
  readonly id: string | undefined
  readonly model: string | undefined
  readonly text: string
  readonly usage: Partial<Usage> | undefined
  /** Why the answer ends; only the last event says so. */
  readonly finish: string | undefined
}

export function wireEvent(value: Readonly<Record<string, unknown>>): WireEvent {
  const usage = value['usage']
  return {
    id: text(value['id']),
    model: text(value['model']),
    text: text(value['text']) ?? '',
    usage: isRecord(usage) ? { input: tokens(usage['input']), output: tokens(usage['output']) } : undefined,
    finish: text(value['finish']),
  }
}

/** Whether there is anything in it that this wire knows. */
export function isKnown({ id, model, text, usage, finish }: WireEvent): boolean {
  return text !== '' || [id, model, usage, finish].some((field) => field !== undefined)
}

/** A string that is not empty. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
