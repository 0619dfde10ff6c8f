/** How the bytes of a chunk become strings. Every string is a copy: none keeps the chunk alive. */
export interface Decode {
  /** One character per byte; characters below 0x80 are exact, the others only hold their place. */
  readonly marks: (bytes: Uint8Array) => string
  readonly isAscii: (bytes: Uint8Array, marks: string) => boolean
  readonly ascii: (bytes: Uint8Array, start: number, end: number) => string
  /** Wrong bytes become U+FFFD; a byte order mark is kept. */
  readonly utf8: (bytes: Uint8Array, start: number, end: number) => string
}

type Slice = (this: Uint8Array, start: number, end: number) => string

interface BufferModule {
  readonly Buffer: { readonly prototype: { readonly latin1Slice: Slice; readonly utf8Slice: Slice } }
  readonly isAscii: (bytes: Uint8Array) => boolean
}

let system: Decode | undefined

/** Node's buffers where there are any, else the web's decoders. */
export function systemDecode(): Decode {
  return (system ??= findDecode())
}

function findDecode(): Decode {
  const { process } = globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } }
  const module = process?.getBuiltinModule?.('node:buffer') as BufferModule | undefined // the documented shape of that module
  return module === undefined ? webDecode() : nodeDecode(module)
}

/** For runtimes without Node's Buffer. */
export function webDecode(): Decode {
  // windows-1252, as browsers understand "latin1", also has one character per byte.
  const latin1 = new TextDecoder('latin1')
  const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })
  return {
    marks: (bytes) => latin1.decode(bytes),
    // oxlint-disable-next-line no-control-regex -- the range is the whole of ASCII
    isAscii: (_, marks) => /^[\0-\x7f]*$/.test(marks),
    ascii: (bytes, start, end) => latin1.decode(bytes.subarray(start, end)),
    utf8: (bytes, start, end) => utf8.decode(bytes.subarray(start, end)),
  }
}

function nodeDecode({ Buffer, isAscii }: BufferModule): Decode {
  // The methods accept any Uint8Array, whichever class it has.
  const { latin1Slice, utf8Slice } = Buffer.prototype
  return {
    marks: (bytes) => latin1Slice.call(bytes, 0, bytes.length),
    isAscii,
    ascii: (bytes, start, end) => latin1Slice.call(bytes, start, end),
    utf8: (bytes, start, end) => utf8Slice.call(bytes, start, end),
  }
}
