import type { ProviderEvent } from '@wayfare/core'
import { isRecord } from '@wayfare/provider-kit'
import { AnswerReader } from './events.ts'
import type { Answering } from './events.ts'

/**
 * The events of an answer that came as one JSON body, or as the array of chunks that a stream without `alt=sse` is. Throws
 * `protocol` when it is no answer, its error when it is one.
 */
export function* readAnswer(body: unknown, answering: Answering): Generator<readonly ProviderEvent[]> {
  const reader = new AnswerReader(answering)
  const out: ProviderEvent[] = []
  const chunks: readonly unknown[] = Array.isArray(body) ? body : [body]
  if (!chunks.some(isAnswer))
    throw reader.failure('protocol', 'the answer is not one of generateContent; check that baseURL leads to it', {
      billed: 'yes',
    })
  try {
    for (const chunk of chunks) reader.read(chunk, out)
    reader.end(out)
  } catch (error) {
    // What came before it was still received, and is paid for.
    if (out.length > 0) yield out
    throw error
  }
  yield out
}

function isAnswer(chunk: unknown): boolean {
  return isRecord(chunk) && ['candidates', 'promptFeedback', 'error'].some((key) => key in chunk)
}
