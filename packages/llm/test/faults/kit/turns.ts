import { expect } from 'vitest'
import { wires } from './wires.ts'
import type { Wire } from './wires.ts'

/** Everything with everything, in the numbers of the rows: WAYFARE_FAULTS=all, as `pnpm test:long faults` sets it. */
export const long: boolean = process.env['WAYFARE_FAULTS'] === 'all' || process.env['WAYFARE_LONG'] !== undefined

/**
 * Of several ways to play a row, the one whose turn it is: over the wires a row meets each of them, and so does a wire over
 * the rows. All of them in the long run, and in a row of one wire alone.
 */
export function inTurn<T>(wire: Wire, ways: readonly T[]): readonly T[] {
  const { currentTestName: title = '' } = expect.getState()
  // What `describe.each` makes of the wire's name.
  const everywhere = title.startsWith(`'${wire.name}' > `)
  if (long || !everywhere) return ways
  const row = title.replaceAll(wire.name, '').length
  const column = wires.findIndex(({ name }) => name === wire.name) + 1
  return [ways[(row + column) % ways.length]!]
}
