import { isRecord, items } from '../narrow.ts'

export interface Block {
  readonly type: unknown
  readonly value: Readonly<Record<string, unknown>>
  /** As the vendor's messages name it: `messages.1.content.0`. */
  readonly path: string
}

/** The content blocks of one message; a string has none. */
export function blocksOf(message: unknown, index: number): readonly Block[] {
  if (!isRecord(message)) return []
  return items(message['content']).map((block, at) => {
    const value = isRecord(block) ? block : {}
    return { type: value['type'], value, path: `messages.${index}.content.${at}` }
  })
}
