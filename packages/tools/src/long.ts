import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { root } from './workspace/read.ts'

const help = `Usage: pnpm test:long [--seeds 50000] [--soak-seconds 600] [--figures] [--report file] [suite...]

Runs the suites that take too long for every run: sim, mutants, soak, bombs, money, faults, wires. Without
names, all of them.
  --figures  each writes what it measured to apps/docs/figures
  --report   a JSON file of which suite passed`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: 'string', default: '50000' },
    'soak-seconds': { type: 'string', default: '600' },
    figures: { type: 'boolean' },
    report: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
})

interface Suite {
  readonly name: string
  readonly command: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

const figures = values.figures ? ['--figures'] : []
const suites: readonly Suite[] = [
  { name: 'sim', command: ['pnpm', 'sim', '--seeds', values.seeds, ...figures] },
  { name: 'mutants', command: ['pnpm', 'mutants', ...figures] },
  { name: 'soak', command: ['pnpm', 'soak', '--seconds', values['soak-seconds'], ...figures] },
  {
    name: 'bombs',
    command: ['pnpm', 'exec', 'vitest', 'run', 'packages/llm/test/long'],
    env: { WAYFARE_LONG: '1', ...(values.figures && { WAYFARE_FIGURES: '1' }) },
  },
  {
    name: 'money',
    command: [
      'pnpm',
      'exec',
      'vitest',
      'run',
      ...['race', 'journal', 'postgres'].map((of) => `packages/cost/test/${of}`),
    ],
    env: { WAYFARE_LONG: '1', ...(values.figures && { WAYFARE_FIGURES: '1' }) },
  },
  {
    name: 'faults',
    command: ['pnpm', 'exec', 'vitest', 'run', 'packages/llm/test/faults'],
    env: { WAYFARE_FAULTS: 'all' },
  },
  {
    name: 'wires',
    command: [
      'pnpm',
      'exec',
      'vitest',
      'run',
      'packages/llm/test/faults',
      'fast-path.test.ts',
      'packages/sse/test/parser',
    ],
    env: { WAYFARE_LONG: '1', WAYFARE_WIRES: 'all' },
  },
]
const unknown = positionals.filter((name) => !suites.some((suite) => suite.name === name))

if (values.help) console.log(help)
else if (unknown.length > 0) {
  console.error(`no suite is called ${unknown.join(', ')}\n\n${help}`)
  process.exitCode = 2
} else await main()

async function main(): Promise<void> {
  const results: { readonly name: string; readonly passed: boolean }[] = []
  for (const suite of suites) {
    if (positionals.length > 0 && !positionals.includes(suite.name)) continue
    console.log(`\n${suite.name}: ${suite.command.join(' ')}`)
    results.push({ name: suite.name, passed: (await show(suite)) === 0 })
  }
  if (values.report !== undefined) writeFileSync(values.report, JSON.stringify(results))
  const failed = results.filter(({ passed }) => !passed).map(({ name }) => name)
  console.log(failed.length === 0 ? '\nall long suites passed' : `\nfailed: ${failed.join(', ')}`)
  if (failed.length > 0) process.exitCode = 1
}

/** Runs a suite in sight of whoever waits for it. */
function show({ command: [program = '', ...args], env = {} }: Suite): Promise<number> {
  return new Promise((resolve) => {
    const shell = process.platform === 'win32'
    const running = spawn(program, args, { cwd: root, env: { ...process.env, ...env }, shell, stdio: 'inherit' })
    running.on('error', () => resolve(127))
    running.on('close', (code) => resolve(code ?? 1))
  })
}
