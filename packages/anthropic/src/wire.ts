import { isRecord } from '@wayfare/provider-kit'

/** A content block, sent or received. Only its type is certain. */
export interface WireBlock {
  readonly type: string
  readonly [key: string]: unknown
}

export interface WireMessage {
  readonly role: 'user' | 'assistant'
  readonly content: readonly WireBlock[]
}

/** An event of the stream, as far as it is understood; `undefined` for everything else, which is ignored. */
export type WireEvent =
  | { readonly type: 'message_start'; readonly message: Readonly<Record<string, unknown>> }
  | { readonly type: 'content_block_start'; readonly index: number; readonly block: WireBlock }
  | { readonly type: 'content_block_delta'; readonly index: number; readonly delta: WireBlock }
  | { readonly type: 'content_block_stop'; readonly index: number }
  | { readonly type: 'message_delta'; readonly stopReason: string | undefined; readonly usage: unknown }
  | { readonly type: 'message_stop' }
  | { readonly type: 'error' }
  /** Content whose place nobody knows: passing over it would lose a part of the answer. */
  | { readonly type: 'unreadable' }

export function wireEvent(value: unknown): WireEvent | undefined {
  if (!isRecord(value)) return undefined
  // Servers that borrow this wire send an error without a type.
  if (value['type'] === 'error' || (value['type'] === undefined && value['error'])) return { type: 'error' }
  switch (value['type']) {
    case 'message_start':
      return { type: 'message_start', message: isRecord(value['message']) ? value['message'] : {} }
    case 'content_block_start':
      return indexed(value, value['content_block'], (index, block) => ({ type: 'content_block_start', index, block }))
    case 'content_block_delta':
      return indexed(value, value['delta'], (index, delta) => ({ type: 'content_block_delta', index, delta }))
    case 'content_block_stop':
      return typeof value['index'] === 'number' ? { type: 'content_block_stop', index: value['index'] } : undefined
    case 'message_delta': {
      const delta = isRecord(value['delta']) ? value['delta'] : {}
      return { type: 'message_delta', stopReason: text(delta['stop_reason']), usage: value['usage'] }
    }
    case 'message_stop':
      return { type: 'message_stop' }
    default:
      return undefined
  }
}

/** Whether a value says which event it is, be it one that nobody knows yet. */
export function isNamed(value: unknown): boolean {
  return isRecord(value) && typeof value['type'] === 'string'
}

function isBlock(value: unknown): value is WireBlock {
  return isRecord(value) && typeof value['type'] === 'string'
}

/** A string that is not empty. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function indexed(
  value: Record<string, unknown>,
  block: unknown,
  make: (index: number, block: WireBlock) => WireEvent,
): WireEvent {
  return typeof value['index'] === 'number' && isBlock(block) ? make(value['index'], block) : { type: 'unreadable' }
}
