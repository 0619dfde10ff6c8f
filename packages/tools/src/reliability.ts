import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { child } from './child.ts'
import { readFigures } from './reliability/figures.ts'
import { page } from './reliability/page.ts'
import { faultRows } from './reliability/rows.ts'
import { resultsByRow } from './reliability/results.ts'

const help = `Usage: pnpm reliability [--report <file>] [--check]

Writes apps/docs/reliability.md: every fault with its tests and their result. Runs the tests, unless a JSON report of
Vitest is given. --check writes nothing, and fails when a fault that has tests fails them or the page would change.`

const { values } = parseArgs({
  options: { report: { type: 'string' }, check: { type: 'boolean' }, help: { type: 'boolean' } },
})

if (values.help) console.log(help)
else await run(values.report ?? (await runTests()), values.check ?? false)

async function runTests(): Promise<string> {
  const file = join(tmpdir(), `wayfare-reliability-${process.pid}.json`)
  console.log('running the tests')
  await child('pnpm', ['exec', 'vitest', 'run', '--reporter=json', `--outputFile=${file}`], { cwd: process.cwd() })
  return file
}

async function run(report: string, check: boolean): Promise<void> {
  if (!existsSync(report)) throw new Error(`there is no test report at ${report}`)
  const results = resultsByRow(JSON.parse(readFileSync(report, 'utf8')) as unknown)
  const text = page(faultRows, results, readFigures('apps/docs/figures'))
  const failed = [...results].filter(([, result]) => result.failed > 0).map(([id]) => id)
  const proven = faultRows.filter(({ id }) => (results.get(id)?.passed ?? 0) > 0 && !failed.includes(id)).length
  console.log(
    `${proven} of ${faultRows.length} faults proven${failed.length > 0 ? `; failed: ${failed.join(', ')}` : ''}`,
  )
  if (failed.length > 0) process.exitCode = 1
  const file = 'apps/docs/reliability.md'
  if (!check) {
    mkdirSync('apps/docs', { recursive: true })
    writeFileSync(file, text)
    console.log(`wrote ${file}`)
  } else if (!existsSync(file) || readFileSync(file, 'utf8') !== text) {
    console.log(`${file} is not what these tests say; run pnpm reliability and commit it`)
    process.exitCode = 1
  }
}
