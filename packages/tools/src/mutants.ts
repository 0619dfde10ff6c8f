import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs, stripVTControlCharacters } from 'node:util'
import { child } from './child.ts'
import { callMutants } from './mutants/calls.ts'
import { copyWorkspace } from './mutants/copy.ts'
import { failureMutants } from './mutants/failures.ts'
import { moneyMutants } from './mutants/money.ts'
import { plant, type Mutant } from './mutants/mutant.ts'
import type { Figures } from './reliability/figures.ts'
import { root } from './workspace/read.ts'

const help = `Usage: pnpm mutants [--only <words>] [--figures]

Plants small mistakes into a copy of the workspace, one at a time, and runs the tests that should notice: those of core and
cost, then 200 seeds of the simulation. Fails when fewer than 95 % are noticed, or when the place of one is gone.
  --only     those whose names or files hold these words
  --figures  writes apps/docs/figures/mutants.json`

const { values } = parseArgs({
  options: { only: { type: 'string' }, figures: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
})

/** The tests that are likely to notice what is wrong with a file, where they do not bear its name. */
const likely: Readonly<Record<string, readonly string[]>> = {
  account: ['windows'],
  admit: ['budget'],
  alarm: ['timers', 'late', 'cut', 'router'],
  attempt: ['stream', 'lost-answers', 'output', 'timers', 'leave'],
  bill: ['money'],
  channel: ['stream', 'leave', 'hedge'],
  charge: ['money', 'running-on', 'estimate-bound'],
  fold: ['output', 'tools', 'money', 'interrupt'],
  guard: ['cut', 'stream', 'hedge'],
  hedge: ['hedge', 'hedge-probe'],
  leave: ['leave', 'stream'],
  lane: ['interrupt', 'retry', 'hedge'],
  'limit-book': ['limits', 'budget'],
  memory: ['lease', 'budget', 'windows'],
  next: ['retry', 'rules'],
  pieces: ['fold'],
  quota: ['quota', 'retry'],
  breaker: ['breaker', 'quota'],
  reservation: ['money', 'lost-answers'],
  room: ['budget'],
  stream: ['stream', 'late'],
  ticket: ['money', 'hedge', 'breaker'],
  tracker: ['budget', 'windows', 'lost-answers'],
  trail: ['retry', 'rules'],
  turn: ['interrupt', 'money', 'rules'],
  watch: ['timers'],
  'worst-case': ['budget', 'estimate'],
  'text-reader': ['stream'],
}
/** Test files that take a second or more. */
const slow = ['random', 'abandoned', 'fold', 'leave', 'breaker', 'laws', 'estimate']
const suites = ['packages/core/test', 'packages/cost/test']
/** They try what runs elsewhere, and none of the mutants is there. */
const elsewhere = ['race', 'journal', 'sqlite', 'redis', 'postgres'].flatMap((store) => [
  '--exclude',
  `packages/cost/test/${store}/**`,
])

interface Jury {
  readonly name: string
  readonly args: readonly string[]
}

/** What may notice, the quick first. */
const juries: readonly Jury[] = [
  {
    name: 'the tests',
    args: [...suites, ...elsewhere, ...slow.flatMap((name) => ['--exclude', `**/${name}.test.ts`])],
  },
  { name: 'the tests', args: suites.flatMap((suite) => slow.map((name) => `${suite}/${name}.test.ts`)) },
  { name: 'the simulation', args: ['packages/llm/test/sim', '-t', 'holds its invariants'] },
]
const patienceMs = 300_000
const leastShare = 0.95

const all = [...callMutants, ...failureMutants, ...moneyMutants]
const { only } = values
const chosen = only === undefined ? all : all.filter(({ name, file }) => name.includes(only) || file.includes(only))

if (values.help) console.log(help)
else await main()

async function main(): Promise<void> {
  // Every place is looked up before the first test runs.
  const planted = all.map((mutant) => [mutant, plant(readFileSync(join(root, mutant.file), 'utf8'), mutant)] as const)
  const folder = join(tmpdir(), `wayfare-mutants-${process.pid}`)
  copyWorkspace(root, folder)
  try {
    const noticed = await judge(folder, juries)
    if (noticed !== undefined) throw new Error(`${noticed} fail without any mutant; mend them first`)
    const killers: (string | undefined)[] = []
    const asked = planted.filter(([mutant]) => chosen.includes(mutant))
    for (const [index, [mutant, text]] of asked.entries()) {
      const killer = await trial(folder, mutant, text)
      killers.push(killer)
      const verdict = killer === undefined ? 'SURVIVES' : `killed by ${killer}`
      console.log(
        `${`${index + 1}/${asked.length}`.padStart(7)}  ${verdict.padEnd(25)} ${mutant.name} (${mutant.file})`,
      )
    }
    conclude(
      asked.map(([mutant]) => mutant),
      killers,
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function trial(folder: string, { file }: Mutant, text: string): Promise<string | undefined> {
  const path = join(folder, file)
  const healthy = readFileSync(path, 'utf8')
  writeFileSync(path, text)
  try {
    return await judge(folder, [juryOf(file), ...juries])
  } finally {
    writeFileSync(path, healthy)
  }
}

function juryOf(file: string): Jury {
  const [, part = '', source = ''] = /^packages\/([\w-]+)\/src\/(.+)\.ts$/.exec(file) ?? []
  const names = likely[source] ?? [source]
  return { name: 'the tests', args: names.map((name) => `packages/${part}/test/${name}.test.ts`) }
}

/** Who noticed that something is wrong. */
async function judge(folder: string, asked: readonly Jury[]): Promise<string | undefined> {
  for (const { name, args } of asked) {
    const vitest = join(folder, 'node_modules/vitest/vitest.mjs')
    const { code, output } = await child(
      process.execPath,
      [vitest, 'run', '--bail=1', '--passWithNoTests', '--testTimeout=90000', ...args],
      {
        cwd: folder,
        env: { ...process.env, WAYFARE_SIM_SEEDS: '200', NO_COLOR: '1' },
        timeoutMs: patienceMs,
      },
    )
    if (code === 0) continue
    if (process.env['DEBUG'] !== undefined) console.log(stripVTControlCharacters(output))
    return name
  }
  return undefined
}

function conclude(mutants: readonly Mutant[], killers: readonly (string | undefined)[]): void {
  const survivors = mutants.filter((_, index) => killers[index] === undefined)
  const killed = mutants.length - survivors.length
  const bySimulation = killers.filter((killer) => killer === 'the simulation').length
  const line = `${killed} of ${mutants.length} mutants were killed, ${bySimulation} of them by the simulation alone.`
  console.log(line)
  for (const { name, file } of survivors) console.log(`survives: ${name} (${file})`)
  if (killed < leastShare * mutants.length) process.exitCode = 1
  if (!values.figures || only !== undefined) return
  const names = survivors.map(({ name }) => `“${name}”`).join(', ')
  const lines = [line, ...(survivors.length > 0 ? [`Not noticed: ${names}.`] : [])]
  const figures: Figures = { title: 'Mutants', command: 'pnpm mutants', lines }
  mkdirSync('apps/docs/figures', { recursive: true })
  writeFileSync('apps/docs/figures/mutants.json', `${JSON.stringify(figures, null, 2)}\n`)
}
