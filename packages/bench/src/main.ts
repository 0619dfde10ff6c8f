import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { command } from './command.ts'
import { installPeers, newerNode } from './install.ts'
import { layOut } from './lay-out.ts'
import { page } from './page.ts'
import { pageFile, root } from './places.ts'
import { outcomes, type Report } from './row.ts'
import { run } from './run.ts'
import { table, verdict } from './table.ts'
import { targets, type TargetEntry } from './targets.ts'

const help = `Usage: pnpm bench [P1 ... P10] [--rounds 7] [--quick] [--figures] [--built]

Builds the packages and measures them beside their peers and beside what the machine can do at all. Times are CPU times of
the measuring process: medians of rounds in which all cases take turns. Only the ratios mean anything on another machine.
  --rounds   how often each case is measured
  --quick    three short rounds: whether it runs, not how fast
  --figures  writes apps/docs/performance.md
  --built    takes the packages as they were built last
Targets:
${targets.map(({ name, title }) => `  ${name.padEnd(4)} ${title}`).join('\n')}`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string' },
    quick: { type: 'boolean' },
    figures: { type: 'boolean' },
    built: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  },
})
const wanted = positionals.map((name) => name.toUpperCase())
const unknown = wanted.filter((name) => !targets.some((target) => target.name === name))

if (values.help) console.log(help)
else if (unknown.length > 0) {
  console.error(`no target is called ${unknown.join(', ')}\n\n${help}`)
  process.exitCode = 2
} else await bench()

async function bench(): Promise<void> {
  if (!values.built && (await command('pnpm', ['build'], root)) !== 0) throw new Error('the build failed')
  if (!(await installPeers())) console.log('the peers cannot be installed: only what is ours, and floors, are measured')
  await layOut()
  const reports: Report[] = []
  for (const target of targets.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
    for (const node of nodesOf(target)) {
      console.log(`${target.name} ${target.title}`)
      const quick = values.quick ?? false
      const report = await run(target, { node, rounds: Number(values.rounds ?? (quick ? 3 : 7)), quick })
      if (report === undefined) {
        console.log(`${target.name} could not be measured`)
        process.exitCode = 1
      } else {
        reports.push(report)
        console.log(`${table(report)}\n`)
      }
    }
  }
  summary(reports)
  if (values.figures) write(reports)
}

/** Peers need the newer Node; what is ours runs on both. */
function nodesOf({ anyNode }: TargetEntry): readonly string[] {
  const newer = newerNode()
  if (newer === undefined) return [process.execPath]
  return anyNode ? [process.execPath, newer] : [newer]
}

function summary(reports: readonly Report[]): void {
  for (const { name, title } of targets) {
    const all = reports.filter((report) => report.name === name).flatMap(({ rows }) => outcomes(rows))
    if (all.length === 0) continue
    const missed = all.filter(({ fate }) => fate !== 'met')
    console.log(`${name.padEnd(4)}${all.length - missed.length} of ${all.length} met  ${title}`)
    for (const one of missed) console.log(`    ${one.fate}: ${one.row.title}: ${verdict(one)}`)
  }
}

function write(reports: readonly Report[]): void {
  writeFileSync(pageFile, page(reports))
  console.log(`wrote ${pageFile}`)
}
