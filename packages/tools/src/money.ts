import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { child } from './child.ts'
import { page, type Measured } from './money/page.ts'
import { titlesOf } from './money/titles.ts'
import type { Figures } from './reliability/figures.ts'
import { root } from './workspace/read.ts'

const help = `Usage: pnpm money [--report <file>] [--check]

Writes apps/docs/money.md: what was measured about limits and journals (apps/docs/figures), and what bills come to. Runs the
tests of prices, unless a JSON report of Vitest is given. --check writes nothing, and fails when a test fails or the page would
change.`

const suites: readonly (Omit<Measured, 'figures'> & { readonly file: string })[] = [
  { file: 'money', title: 'Limits under a race', command: 'pnpm test:long money --figures' },
  {
    file: 'journal-kills',
    title: 'A journal whose writer is killed',
    command: 'WAYFARE_KILLS=1000 pnpm test:long money --figures',
  },
  { file: 'journal-damage', title: 'A journal that is cut or changed', command: 'pnpm test:long money --figures' },
]

const { values } = parseArgs({
  options: { report: { type: 'string' }, check: { type: 'boolean' }, help: { type: 'boolean' } },
})

if (values.help) console.log(help)
else await run(values.report ?? (await runTests()), values.check ?? false)

async function runTests(): Promise<string> {
  const file = join(tmpdir(), `wayfare-money-${process.pid}.json`)
  const tests = [
    'packages/pricing/test/bills.test.ts',
    'packages/pricing/test/traps.test.ts',
    'packages/llm/test/money',
  ]
  const { code, output } = await child(
    'pnpm',
    ['exec', 'vitest', 'run', ...tests, '--reporter=json', `--outputFile=${file}`],
    {
      cwd: root,
    },
  )
  if (code !== 0) console.log(output)
  return file
}

async function run(file: string, check: boolean): Promise<void> {
  const report = JSON.parse(readFileSync(file, 'utf8')) as unknown
  const told = {
    bills: titlesOf(report, 'packages/pricing/test/bills.test.ts', 'bills of vendors, to the pico-USD'),
    traps: titlesOf(report, 'packages/pricing/test/traps.test.ts', 'mistakes that others made'),
    raw: titlesOf(report, 'packages/llm/test/money/raw-usage.test.ts'),
  }
  const text = page({ measured: suites.map((suite) => ({ ...suite, figures: figuresOf(suite.file) })), ...told })
  const failed = Object.values(told)
    .flat()
    .filter(({ passed }) => !passed)
  const missing = [...text.matchAll(/^\* missing/gm)].length
  console.log(
    `${told.bills.length} bills, ${told.traps.length} traps, ${told.raw.length} bodies; ${failed.length} fail, ${missing} figures missing`,
  )
  if (failed.length > 0) process.exitCode = 1
  const target = join(root, 'apps/docs/money.md')
  if (!check) {
    mkdirSync(join(root, 'apps/docs'), { recursive: true })
    writeFileSync(target, text)
    console.log('wrote apps/docs/money.md')
  } else if (!existsSync(target) || readFileSync(target, 'utf8') !== text) {
    console.log('apps/docs/money.md is not what these tests and figures say; run pnpm money and commit it')
    process.exitCode = 1
  }
}

function figuresOf(name: string): Figures | undefined {
  const file = join(root, 'apps/docs/figures', `${name}.json`)
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Figures) : undefined // written by our own suites
}
