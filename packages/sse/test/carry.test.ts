import { expect, test } from 'vitest'
import { Carry } from '../src/carry.ts'

// Around the size of a block, which is 1 MiB.
test.each([0, 1, 255, 300, 70_000, 1_048_575, 1_048_576, 1_048_577, 3_000_000])(
  '%i bytes pushed in odd pieces come out whole',
  (length) => {
    const bytes = Uint8Array.from({ length }, (_, index) => (index * 31) % 251)
    const carry = new Carry()
    for (let round = 0; round < 2; round++) {
      for (let at = 0, piece = 1; at < length; at += piece, piece = (piece * 7 + 13) % 100_003) {
        carry.push(bytes, at, Math.min(length, at + piece))
      }
      expect(carry.length).toBe(length)
      expect(Buffer.compare(carry.take().subarray(0, length), bytes)).toBe(0)
      expect(carry.length).toBe(0)
    }
  },
)
