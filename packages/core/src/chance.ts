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

/** Sixty random bits of a UUID for all, and a number for each: to draw bits for each takes as long as to reserve its money. */
function counted(uuid: string): () => string {
  const word = uuid.replaceAll('-', '').slice(16)
  let count = 0
  return () => `${word}-${(++count).toString(36)}`
}
