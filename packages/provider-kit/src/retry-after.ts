/**
 * How long the server asks to wait, in milliseconds: `retry-after-ms`, else `retry-after` in seconds, else as a date, which is
 * measured from the answer's own `date`, so that a wrong clock here does no harm. Nonsense and negative values count as absent.
 */
export function retryAfter(headers: ReadonlyMap<string, string>, now: Date): number | undefined {
  const ms = count(headers.get('retry-after-ms'))
  if (ms !== undefined) return ms
  const value = headers.get('retry-after')
  const seconds = count(value)
  if (seconds !== undefined) return Math.round(seconds * 1000)
  const at = httpDate(value)
  if (at === undefined) return undefined
  const wait = at - (httpDate(headers.get('date')) ?? now.getTime())
  return wait >= 0 ? wait : undefined
}

function count(value: string | undefined): number | undefined {
  return value !== undefined && /^\s*\d+(\.\d*)?\s*$/.test(value) ? Number(value) : undefined
}

function httpDate(value: string | undefined): number | undefined {
  if (value === undefined || !/^[A-Z][a-z]{2}[\w, -]*\d:\d\d/i.test(value)) return undefined
  const at = Date.parse(value)
  return Number.isNaN(at) ? undefined : at
}
