/** USD as a number. Zero is an answer; undefined is none; NaN is one that is no amount of money. */
export function amount(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined
  return typeof value === 'number' && value >= 0 && value < Infinity ? value : NaN
}

/** The same, where it may come as text. */
export function amountOf(value: unknown): number | undefined {
  return amount(typeof value === 'string' && /^\d+(\.\d+)?(e[-+]?\d+)?$/i.test(value.trim()) ? Number(value) : value)
}
