type Slice = (this: Uint8Array, start: number, end: number) => string

/** What Node has for it, without a copy of the arguments. */
export const { latin1Slice, utf8Slice } = Buffer.prototype as unknown as Record<'latin1Slice' | 'utf8Slice', Slice>
