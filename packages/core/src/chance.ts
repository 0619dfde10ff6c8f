/** Where jitter and ids come from. */
export interface Chance {
  /** Uniform in [0, 1). */
  random(): number
  /** Unique; with a given `random` reproducible. */
  id(): string
}

export function chance(random: (() => number) | undefined): Chance {
  if (random === undefined) return { random: Math.random, id: counted(crypto.randomUUID()) }
  const word = (): string =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0')
  return { random, id: () => `${word()}-${word()}-${word()}` }
}

/** One unguessable word for all, and the number of each: to draw a word for each takes as long as to reserve its money. */
function counted(word: string): () => string {
  let count = 0
  return () => `${word}-${++count}`
}
