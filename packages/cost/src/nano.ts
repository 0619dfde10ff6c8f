/** Integer nano-USD, rounded up. A figure that is exact to the pico-USD is never raised by noise of its last bits. */
export function nanoUp(usd: number): number {
  return Math.ceil(Math.round(usd * 1e12) / 1e3)
}

/** Integer nano-USD, for limits. */
export function nanoNearest(usd: number): number {
  return Math.round(usd * 1e9)
}

export function usdOf(nano: number): number {
  return nano / 1e9
}
