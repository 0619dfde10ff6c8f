/** What Node has for it, without a copy of the arguments or a check. */
export const latin1Slice = (
  Buffer.prototype as unknown as Record<'latin1Slice', (this: Uint8Array, start: number, end: number) => string>
).latin1Slice
