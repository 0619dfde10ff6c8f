import { sign } from '../signature.ts'

/** The encrypted form of a thought: it belongs to the item's id and to what the summary says. */
export function encryptedContent(id: string, summary: string): string {
  return sign('gAAAAA', { id, summary })
}
