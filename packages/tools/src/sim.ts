import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { play } from '../../llm/test/sim/play.ts'
import type { Scene } from '../../llm/test/sim/scene.ts'
import { describeFailure, search } from '../../llm/test/sim/search.ts'
import type { Searched } from '../../llm/test/sim/search.ts'
import type { Figures } from './reliability/figures.ts'

const help = `Usage: pnpm sim [--seeds 50000] [--from 1] [--seed <n>] [--scene <file>] [--json <file>] [--figures]

Runs the whole router under virtual time, with providers, stores and consumers that do whatever they may do, one deterministic
run for each seed. The first that breaks a promise is made smaller and printed.
  --seed     replays one seed, and tells what happens
  --scene    replays a scene that was printed
  --json     writes what was counted
  --figures  writes apps/docs/figures/sim.json`

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '50000' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    scene: { type: 'string' },
    json: { type: 'string' },
    figures: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  },
})

// The stacks of all the errors that are meant to be would be most of the work.
Error.stackTraceLimit = 0

if (values.help) console.log(help)
else if (values.scene !== undefined) await replay(JSON.parse(readFileSync(values.scene, 'utf8')) as Scene) // as it was printed
else if (values.seed !== undefined) await run(Number(values.seed), 1)
else await run(Number(values.from), Number(values.seeds))

async function run(from: number, seeds: number): Promise<void> {
  if (!Number.isSafeInteger(from) || !(seeds >= 1)) throw new Error('seeds are whole numbers; see pnpm sim --help')
  const started = performance.now()
  const searched = await search({ from, seeds, onSeed: progress(from, seeds) })
  for (const failure of searched.failures) console.log(describeFailure(failure))
  const ms = performance.now() - started
  const lines = sentences(searched, ms)
  for (const line of lines) console.log(line)
  if (searched.failures.length > 0) process.exitCode = 1
  const { counts } = searched
  if (values.json !== undefined) {
    const failed = searched.failures.map(({ seed }) => seed)
    writeFileSync(
      values.json,
      `${JSON.stringify({ from, seeds: searched.seeds, failed, ms: Math.round(ms), counts })}\n`,
    )
  }
  if (!values.figures || searched.failures.length > 0) return
  const figures: Figures = { title: 'Simulation', command: `pnpm sim --from ${from} --seeds ${seeds}`, lines }
  mkdirSync('apps/docs/figures', { recursive: true })
  writeFileSync('apps/docs/figures/sim.json', `${JSON.stringify(figures, null, 2)}\n`)
}

async function replay(scene: Scene): Promise<void> {
  const { violations, log } = await play(scene)
  for (const line of log) console.log(line)
  console.log(violations.length === 0 ? 'everything holds' : violations.join('\n'))
  if (violations.length > 0) process.exitCode = 1
}

/** A line every few seconds. */
function progress(from: number, seeds: number): (seed: number) => void {
  const started = performance.now()
  let told = started
  return (seed) => {
    const now = performance.now()
    if (now - told < 5_000) return
    told = now
    const done = seed - from + 1
    console.log(`${figure(done)} of ${figure(seeds)} seeds, ${((now - started) / done).toFixed(1)} ms each`)
  }
}

function sentences({ seeds, failures, counts }: Searched, ms: number): readonly string[] {
  const { calls, answered, attempts, retries, resets, refusals } = counts
  return [
    `${figure(seeds)} seeds, ${figure(seeds - failures.length)} of which held every invariant, in ${(ms / seeds).toFixed(1)} ms each.`,
    `${figure(calls)} calls, ${figure(answered)} of them answered, with ${figure(attempts)} requests to providers.`,
    `${figure(retries)} retries, ${figure(resets)} resets after output, ${figure(refusals)} refusals by a limit.`,
  ]
}

function figure(count: number): string {
  return count.toLocaleString('en')
}
