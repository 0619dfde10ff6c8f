import type { ProviderEvent } from '@wayfare/core'
import { isRecord } from '@wayfare/provider-kit'
import { AnswerReader } from './events.ts'
import type { Answering } from './events.ts'

/** The events of an answer that came as one JSON body. Throws `protocol` when it is no answer, its error when it is one. */
export function readAnswer(body: unknown, answering: Answering): readonly ProviderEvent[] {
  const reader = new AnswerReader(answering)
  const out: ProviderEvent[] = []
  if (!isRecord(body) || !('message' in body || 'error' in body || 'done' in body))
    throw reader.failure(
      'protocol',
      'the answer is not one of /api/chat; check that baseURL leads to an Ollama server',
      {
        billed: 'yes',
      },
    )
  reader.read(body, out)
  if (!reader.finished) throw reader.failure('stream_truncated', 'the answer does not say that it is done')
  return out
}
