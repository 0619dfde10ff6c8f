/** Lists that mostly have one member, or none: one that is grown by `push` or a spread has room for sixteen more. */
export const none: readonly never[] = []

export function withOne<T>(all: readonly T[], one: T): readonly T[] {
  return all.length === 0 ? [one] : [...all, one]
}

export function without<T>(all: readonly T[], one: T): readonly T[] {
  const [first] = all
  return all.length === 1 && first === one ? none : all.filter((other) => other !== one)
}
