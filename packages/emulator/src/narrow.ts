/** True for a JSON object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value when it is an array, else an empty one. */
export function items(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** The objects in an array; an empty list for anything else. */
export function records(value: unknown): readonly Record<string, unknown>[] {
  return items(value).filter(isRecord)
}

/** The value when it is a string, else an empty one. */
export function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** Whether a value is standard base64: no data URL, no other alphabet. */
export function isBase64(value: unknown): boolean {
  return typeof value === 'string' && value.length > 0 && value.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(value)
}
