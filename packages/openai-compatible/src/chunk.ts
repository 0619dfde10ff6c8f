import { LLMError, type FilePart } from '@wayfare/core'
import { isRecord, type ToolCallDelta } from '@wayfare/provider-kit'
import { hasError } from './error.ts'
import { extension } from './usage.ts'
import { records, text, type Wire } from './wire.ts'

/** The pieces of tool calls in a delta, the old form of a single call included. Throws `protocol` for an index that is none. */
export function toolCallDeltas(delta: Wire): ToolCallDelta[] {
  const calls = records(delta['tool_calls'])
  const old = delta['function_call']
  const all: readonly Wire[] = calls.length === 0 && isRecord(old) ? [{ index: 0, function: old }] : calls
  return all.map((call) => {
    const made = isRecord(call['function']) ? call['function'] : {}
    const given = made['arguments']
    const index = call['index'] ?? undefined
    if (index !== undefined && typeof index !== 'number') {
      throw new LLMError('protocol', 'the server numbered a tool call impossibly', {
        phase: 'output',
        retryable: false,
      })
    }
    const rawInput = typeof given === 'string' ? given : isRecord(given) ? JSON.stringify(given) : ''
    return { index, id: text(call['id']), name: text(made['name']), rawInput }
  })
}

/** Images that a model made. */
export function imageParts(delta: Wire): FilePart[] {
  return records(delta['images']).flatMap((image) => {
    const address = isRecord(image['image_url']) ? text(image['image_url']['url']) : undefined
    const [, mediaType, data] = /^data:([^;,]+);base64,(.*)$/s.exec(address ?? '') ?? []
    return mediaType === undefined || data === undefined ? [] : [{ type: 'file', mediaType, data }]
  })
}

/** Almost the terminator: whoever wrote it, it is not the protocol's word. */
export function isForged(data: string): boolean {
  return /^\s*\[?done\b/i.test(data)
}

/** An event of another kind, as its name says: it is passed over. */
export function isForeign(name: string, chunk: unknown): boolean {
  return name !== 'message' && isRecord(chunk) && !hasError(chunk) && !isRecognisable(chunk)
}

/** Vendors send chunks without choices, too: usage, filters, announcements. Something of a chunk must be there. */
export function isRecognisable(chunk: Wire): boolean {
  const known = ['choices', 'usage', 'id', 'object', 'prompt_filter_results']
  return known.some((key) => chunk[key] !== undefined) || extension(chunk) !== undefined
}

/** Whether a chunk brings content as a string and neither an end nor anything that is kept aside. */
export function isPlain(chunk: unknown): chunk is Wire {
  const choices = isRecord(chunk) ? records(chunk['choices']) : []
  const [choice] = choices
  const delta = choice?.['delta']
  if (choices.length !== 1 || !isRecord(delta) || text(choice?.['finish_reason']) !== undefined) return false
  return text(delta['content']) !== undefined && !Array.isArray(delta['reasoning_details'])
}
