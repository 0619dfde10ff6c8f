import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a long suite measured, written by the suite itself. */
export interface Figures {
  readonly title: string
  readonly command: string
  /** Sentences with the numbers in them. */
  readonly lines: readonly string[]
}

/** The newest figures of every long suite, in the order of their file names. */
export function readFigures(folder: string): readonly Figures[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .toSorted()
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Figures) // written by our own suites
}
