import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { child } from './child.ts'
import { scenarios } from './providers-matrix/results.ts'
import { table, withTable } from './providers-matrix/table.ts'
import { root } from './workspace/read.ts'

const usage = `pnpm providers [--report <file>] [--check]
Writes what each provider can do into apps/docs/providers.md, from the results of the conformance suite. Runs it, unless a
JSON report of Vitest is given. --check writes nothing, and fails when the page would change.`

const { values } = parseArgs({
  options: { report: { type: 'string' }, check: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
})

if (values.help) console.log(usage)
else if (values.report === undefined) {
  const file = join(tmpdir(), `wayfare-providers-${process.pid}.json`)
  await child('pnpm', ['exec', 'vitest', 'run', 'conformance', '--reporter=json', `--outputFile=${file}`], {
    cwd: root,
  })
  write(file)
  rmSync(file, { force: true })
} else write(values.report)

function write(report: string): void {
  // The suite's own proof is about a vendor that does not exist.
  const found = scenarios(JSON.parse(readFileSync(report, 'utf8')) as unknown, /provider-kit/)
  const path = join(root, 'apps/docs/providers.md')
  const page = readFileSync(path, 'utf8')
  const made = withTable(page, table(found))
  const failed = found.flatMap(({ name, outcomes }) =>
    [...outcomes].filter(([, { state }]) => state === 'fails').map(([provider]) => `${provider} ${name}`),
  )
  if (failed.length > 0) console.log(`failed: ${failed.join(', ')}`)
  if (failed.length > 0 || (values.check && made !== page)) process.exitCode = 1
  if (values.check && made !== page)
    console.log('apps/docs/providers.md is not what the suite says; run pnpm providers')
  if (!values.check) writeFileSync(path, made)
  console.log(`${found.length} scenarios`)
}
