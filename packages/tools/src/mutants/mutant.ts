/** A small mistake, planted to see whether the tests notice. */
export interface Mutant {
  /** From the top of the repository. */
  readonly file: string
  /** What is wrong with it, in words; unique. */
  readonly name: string
  /** Occurs exactly once in the file. */
  readonly from: string
  readonly to: string
}

/** The file with the mistake in it. Throws when the place is no longer there, or there twice. */
export function plant(text: string, { file, name, from, to }: Mutant): string {
  const places = text.split(from).length - 1
  if (places === 1) return text.replace(from, () => to)
  throw new Error(`the mutant "${name}" is stale: its place occurs ${places} times in ${file}; write it anew`)
}

/** Mutants of one file: `[name, from, to]`. */
export function of(file: string, ...mutants: readonly (readonly [name: string, from: string, to: string])[]): Mutant[] {
  return mutants.map(([name, from, to]) => ({ file, name, from, to }))
}
