import { isRecord } from '@wayfare/provider-kit'

/** One piece of content, sent or received: what it is shows by the key that it has. */
export interface WirePart {
  readonly [key: string]: unknown
}

export interface WireContent {
  readonly role: 'user' | 'model'
  readonly parts: readonly WirePart[]
}

/** A chunk of a stream, or the whole answer: they have one shape. */
export interface WireChunk {
  readonly responseId: string | undefined
  readonly modelVersion: string | undefined
  readonly usage: Readonly<Record<string, unknown>> | undefined
  readonly blockReason: string | undefined
  /** Of the first candidate; the others are never asked for. */
  readonly parts: readonly WirePart[]
  readonly finishReason: string | undefined
  readonly hasCandidate: boolean
  readonly isError: boolean
}

export function wireChunk(value: Readonly<Record<string, unknown>>): WireChunk {
  const candidates: readonly unknown[] = Array.isArray(value['candidates']) ? value['candidates'] : []
  const candidate = isRecord(candidates[0]) ? candidates[0] : {}
  const content = isRecord(candidate['content']) ? candidate['content'] : {}
  const feedback = isRecord(value['promptFeedback']) ? value['promptFeedback'] : {}
  return {
    responseId: text(value['responseId']),
    modelVersion: text(value['modelVersion']),
    usage: isRecord(value['usageMetadata']) ? value['usageMetadata'] : undefined,
    blockReason: text(feedback['blockReason']),
    parts: Array.isArray(content['parts']) ? content['parts'].map((part) => (isRecord(part) ? part : {})) : [],
    finishReason: text(candidate['finishReason']),
    hasCandidate: candidates.length > 0,
    isError: isRecord(value['error']) || typeof value['error'] === 'string',
  }
}

/** Whether anything of a chunk is there; a new field beside others does no harm. */
export function isChunk(value: Readonly<Record<string, unknown>>): boolean {
  const fields = ['candidates', 'promptFeedback', 'usageMetadata', 'modelVersion', 'responseId', 'error']
  return fields.some((field) => value[field] !== undefined)
}

/** A string that is not empty. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
