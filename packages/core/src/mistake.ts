/**
 * Whether a thrown value tells of a mistake in a program, which to try again does not mend. A TypeError with a cause does not:
 * that is how `fetch` says that the network failed.
 */
export function isMistake(thrown: unknown): boolean {
  if (thrown instanceof TypeError) return thrown.cause === undefined
  return thrown instanceof RangeError || thrown instanceof ReferenceError
}
