import { createHash } from 'node:crypto'

/**
 * The opaque signature that a vendor puts on what a model thought or called: the same text has the same signature, so
 * that the emulator knows its own when the history comes back.
 */
export function sign(prefix: string, content: unknown): string {
  return prefix + createHash('sha256').update(prefix).update(canonical(content)).digest('base64')
}

/** JSON with sorted keys: a history that was parsed and written again signs alike. */
function canonical(value: unknown): string {
  if (typeof value === 'string') return value
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}
