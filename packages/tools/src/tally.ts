import { existsSync, readFileSync } from 'node:fs'
import { tally, type Tally } from './check/tally.ts'

// tsx tally.ts <report of vitest> <report of check>...: the last line is for machines and people alike.
const [tests, ...checks] = process.argv
  .slice(2)
  .map((path) => (existsSync(path) ? readFileSync(path, 'utf8') : undefined))
const { passed, failed, skipped }: Tally = tally(tests, ...checks)
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
if (failed > 0) process.exitCode = 1
