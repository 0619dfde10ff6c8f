/** Unix milliseconds: the one place where this package reads a clock. */
export function now(): number {
  return Date.now()
}
