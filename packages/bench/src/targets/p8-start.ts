import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { median } from '../compare.ts'
import { fiveTools } from '../five-tools.ts'
import { instantiations } from '../instantiations.ts'
import type { Row } from '../row.ts'
import { startServer } from '../server.ts'
import { serve } from '../target.ts'

const run = promisify(execFile)
/** Where this program stands when it runs: beside copies of the built packages. */
const folder = fileURLToPath(new URL('..', import.meta.url))
const root = fileURLToPath(new URL('../../../..', import.meta.url))

serve('P8', async ({ rounds }, say) => {
  say('imports')
  const empty = '0'
  const imports = {
    ours: `await import('@wayfare/llm'); await import('@wayfare/openai-compatible')`,
    undici: `await import('undici')`,
    openai: peerImport('openai'),
    anthropic: peerImport('@anthropic-ai/sdk'),
    'AI SDK': `${peerImport('ai')}; ${peerImport('@ai-sdk/openai')}`,
  }
  const importFigures = await inTurns(imports, rounds, (code) => importMs(code))
  say('the first streamed answer')
  const server = await startServer({ words: 20 })
  const program = fileURLToPath(new URL('../programs/first-answer.js', import.meta.url))
  const clients = Object.fromEntries(['ours', 'openai', 'AI SDK', 'undici', 'Node'].map((name) => [name, name]))
  const first = await inTurns(clients, rounds, (name) => firstAnswerMs(program, name, server.baseURL('burst')))
  const nothing = median(await Promise.all(Array.from({ length: rounds }, () => importMs(empty))))
  server.close()
  say('types')
  const types = await inTurns(fiveTools, 1, (code) => instantiations(code, folder, root))
  say('sizes')
  const rows: Row[] = [
    {
      title: 'import of llm and one provider, in a new process',
      unit: 'ms of CPU time',
      figures: { ...importFigures, nothing },
      // On the machine where 8 ms was set, undici took 60.
      goals: [{ atMost: 8 }, { to: 'undici', atMost: 8 / 60 }],
    },
    {
      title: 'core, router and one provider without the transport, minified and gzipped',
      unit: 'KB',
      figures: { ours: await kilobytes() },
      goals: [{ atMost: 20 }],
    },
    {
      title: 'from the start of the process to the end of its first streamed answer',
      unit: 'ms of CPU time',
      figures: first,
      goals: [{ to: 'openai', atMost: 0.5 }],
    },
    {
      title: 'type checking a file with five zod tools',
      unit: 'instantiations',
      figures: types,
      goals: [{ to: 'AI SDK', atMost: 1_500 / 11_900 }],
    },
  ]
  return {
    rows,
    notes: [
      'the first answer: `undici` only loads undici, and `Node` loads nothing; openai takes the fetch that Node brings along',
      'the size is mostly core, whose budget `pnpm sizes` keeps: checks of every option and part, breakers, hedging, fallbacks',
    ],
  }
})

function peerImport(name: string): string {
  const loader = `file://${process.env['BENCH_PEERS']}/load.mjs`
  return `await (await import(${JSON.stringify(loader)})).load(${JSON.stringify(name)})`
}

/** Medians, in rounds in which all take turns; a peer that does not run is left out. */
async function inTurns(
  cases: Readonly<Record<string, string>>,
  rounds: number,
  measure: (what: string) => Promise<number>,
): Promise<Record<string, number>> {
  const samples = new Map<string, number[]>()
  for (let round = 0; round < rounds; round++) {
    for (const [name, what] of Object.entries(cases)) {
      const value = await measure(what).catch((error: unknown) => {
        if (name === 'ours') throw error
        return undefined
      })
      if (value !== undefined) samples.set(name, [...(samples.get(name) ?? []), value])
    }
  }
  return Object.fromEntries([...samples].map(([name, values]) => [name, median(values)]))
}

async function importMs(code: string): Promise<number> {
  // The import before is for the loader itself, which a program has loaded by then.
  const program = `await import('data:text/javascript,'); const before = process.cpuUsage(); ${code}
    const { user, system } = process.cpuUsage(before); console.log((user + system) / 1_000)`
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program], {
    cwd: folder,
  })
  return Number(stdout.trim())
}

async function firstAnswerMs(program: string, name: string, baseURL: string): Promise<number> {
  const { stdout } = await run(process.execPath, [program, name, baseURL])
  return Number(stdout.trim())
}

async function kilobytes(): Promise<number> {
  const { build } = await import('esbuild')
  const { outputFiles } = await build({
    stdin: {
      contents: `export { Router } from '@wayfare/core'; export { openaiCompatible } from '@wayfare/openai-compatible'`,
      resolveDir: folder,
    },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: ['@wayfare/provider-kit', 'undici'],
    logLevel: 'error',
  })
  return outputFiles.reduce((sum, { contents }) => sum + gzipSync(contents, { level: 9 }).length, 0) / 1_024
}
