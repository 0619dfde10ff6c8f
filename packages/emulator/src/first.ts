/** The first result that is not undefined, in order. */
export function first<T, R>(values: readonly T[], look: (value: T, index: number) => R | undefined): R | undefined {
  for (const [index, value] of values.entries()) {
    const found = look(value, index)
    if (found !== undefined) return found
  }
  return undefined
}
