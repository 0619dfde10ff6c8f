import { writeFileSync } from 'node:fs'
import { parseArgs, stripVTControlCharacters } from 'node:util'
import { steps } from './check/steps.ts'
import { child } from './child.ts'
import { root } from './workspace/read.ts'

const usage = `pnpm check [--report <file>] [step...]
Runs every check except the tests, each to its end, and shows the output of those that fail.
  --report  writes the outcomes as JSON
Steps: ${steps.map(({ name }) => name).join(', ')}`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { report: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
})
const unknown = positionals.filter((name) => !steps.some((step) => step.name === name))

if (values.help) console.log(usage)
else if (unknown.length > 0) {
  console.error(`no step is called ${unknown.join(', ')}\n\n${usage}`)
  process.exitCode = 2
} else process.exitCode = (await main()) ? 0 : 1

async function main(): Promise<boolean> {
  const outcomes: { readonly name: string; readonly passed: boolean; readonly tookMs: number }[] = []
  for (const { name, command } of steps) {
    if (positionals.length > 0 && !positionals.includes(name)) continue
    const [program = '', ...args] = command
    const { code, output, tookMs } = await child(program, args, {
      cwd: root,
      env: { ...process.env, NO_COLOR: '1' },
    })
    console.log(`${code === 0 ? 'ok    ' : 'FAILED'}  ${name.padEnd(10)}${(tookMs / 1000).toFixed(1).padStart(7)} s`)
    if (code !== 0) console.log(stripVTControlCharacters(output).trim().replace(/^/gm, '        '))
    outcomes.push({ name, passed: code === 0, tookMs: Math.round(tookMs) })
  }
  if (values.report !== undefined) writeFileSync(values.report, JSON.stringify(outcomes))
  const failed = outcomes.filter(({ passed }) => !passed).map(({ name }) => name)
  console.log(failed.length === 0 ? `${outcomes.length} checks passed` : `failed: ${failed.join(', ')}`)
  return failed.length === 0
}
