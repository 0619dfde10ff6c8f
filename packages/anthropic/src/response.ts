import type { ProviderEvent } from '@wayfare/core'
import { isRecord } from '@wayfare/provider-kit'
import { MessageReader } from './events.ts'
import type { Answering } from './events.ts'

/** The events of an answer that came as one JSON body. Throws `protocol` when it is no message, its error when it is one. */
export function readMessage(body: unknown, answering: Answering): readonly ProviderEvent[] {
  const reader = new MessageReader(answering)
  const out: ProviderEvent[] = []
  if (!isRecord(body) || (!Array.isArray(body['content']) && !body['error']))
    throw reader.failure('protocol', 'the answer is not a message; check that baseURL leads to a Messages API', {
      billed: 'yes',
    })
  if (!Array.isArray(body['content'])) reader.read({ ...body, type: 'error' }, out)
  reader.read({ type: 'message_start', message: body }, out)
  const blocks: readonly unknown[] = Array.isArray(body['content']) ? body['content'] : []
  for (const [index, block] of blocks.entries()) {
    reader.read({ type: 'content_block_start', index, content_block: block }, out)
    reader.read({ type: 'content_block_stop', index }, out)
  }
  reader.read({ type: 'message_delta', delta: { stop_reason: body['stop_reason'] } }, out)
  reader.read({ type: 'message_stop' }, out)
  return out
}
