import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll } from 'vitest'

/** What a test file measures, written for the documentation after a long run with WAYFARE_FIGURES; returns what takes a sentence. */
export function figures(name: string, title: string, command: string): (sentence: string) => void {
  const lines: string[] = []
  afterAll(() => {
    if (process.env['WAYFARE_LONG'] === undefined || process.env['WAYFARE_FIGURES'] === undefined) return
    const folder = fileURLToPath(new URL('../../../apps/docs/figures/', import.meta.url))
    mkdirSync(folder, { recursive: true })
    writeFileSync(`${folder}${name}.json`, `${JSON.stringify({ title, command, lines }, null, 2)}\n`)
  })
  return (sentence) => void lines.push(sentence)
}
