import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { fileURLToPath } from 'node:url'
import { bundleSize, type Bundle } from '../bundle-size.ts'
import { median } from '../compare.ts'
import { fiveTools } from '../five-tools.ts'
import { importFloors } from '../import-floors.ts'
import { instantiations } from '../instantiations.ts'
import type { Row } from '../row.ts'
import { startServer } from '../server.ts'
import { serve } from '../target.ts'

const run = promisify(execFile)
/** Where this program stands when it runs: beside copies of the built packages. */
const folder = fileURLToPath(new URL('..', import.meta.url))
const root = fileURLToPath(new URL('../../../..', import.meta.url))
const peers = process.env['BENCH_PEERS'] ?? folder
const packages = ['@wayfare/llm', '@wayfare/openai-compatible']

/** A program that imports something, in a process of its own. */
interface Importing {
  readonly code: string
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
}

serve('P8', async ({ rounds }, say) => {
  say('imports')
  const floors = await importFloors(packages, folder, join(folder, 'import-floors'))
  const ours = packages.map((name) => `await import('${name}')`).join(';')
  const compiled = { ...process.env, NODE_COMPILE_CACHE: join(folder, 'import-floors/compiled') }
  const imports: Readonly<Record<string, Importing>> = {
    ours: { code: ours },
    undici: { code: `await import('undici')` },
    openai: { code: peerImport('openai') },
    anthropic: { code: peerImport('@anthropic-ai/sdk') },
    'AI SDK': { code: `${peerImport('ai')}; ${peerImport('@ai-sdk/openai')}` },
    'empty files': { code: ours, cwd: floors.hollow },
    'one file': { code: `await import('${floors.whole}')` },
    'compiled before': { code: ours, env: compiled },
    nothing: { code: '0' },
  }
  await importMs({ code: ours, env: compiled })
  const importFigures = await inTurns(imports, rounds, importMs)
  say('the first streamed answer')
  const server = await startServer({ words: 20 })
  const program = fileURLToPath(new URL('../programs/first-answer.js', import.meta.url))
  const clients = Object.fromEntries(['ours', 'openai', 'AI SDK', 'undici', 'Node'].map((name) => [name, name]))
  const first = await inTurns(clients, rounds, (name) => firstAnswerMs(program, name, server.baseURL('burst')))
  server.close()
  say('types')
  const types = await inTurns(fiveTools, 1, (code) => instantiations(code, folder, root))
  say('sizes')
  const rows: Row[] = [
    {
      title: 'import of llm and one provider, in a new process',
      unit: 'ms of CPU time',
      figures: importFigures,
      // On the machine where 8 ms was set, undici took 60.
      goals: [{ atMost: 8 }, { to: 'undici', atMost: 8 / 60 }],
      least: 'empty files',
    },
    {
      title: 'core, router and one provider without the transport, minified and gzipped',
      unit: 'KB',
      figures: await inTurns(bundles, 1, bundleSize),
      goals: [{ atMost: 20 }],
    },
    {
      title: 'from the start of the process to the end of its first streamed answer',
      unit: 'ms of CPU time',
      figures: first,
      goals: [{ to: 'openai', atMost: 0.5 }],
      least: 'undici',
    },
    {
      title: 'type checking a file with five zod tools',
      unit: 'instantiations',
      figures: types,
      goals: [{ to: 'AI SDK', atMost: 1_500 / 11_900 }],
      least: 'Standard Schema alone',
    },
  ]
  return {
    rows,
    notes: [
      `the import loads ${floors.files} files of ${Math.round(floors.kilobytes)} KB. \`empty files\` are as many, which import each other and hold nothing: what Node's loader takes; \`one file\` is all in one; \`compiled before\` is ours with \`NODE_COMPILE_CACHE\` set, which spares compiling them`,
      'the first answer: `undici` loads the two files of undici that ours loads and reads the bytes of one answer, `Node` does nothing; openai and the AI SDK take the fetch that Node brings along',
      'the size is mostly `core`, whose budget `pnpm sizes` keeps: checks of every option and part, breakers, hedging, fallbacks; peers have no router, prices or limits in theirs',
      'the types: `Standard Schema alone` has the schemas and a function that takes them, and nothing of ours',
    ],
  }
})

const bundles: Readonly<Record<string, Bundle>> = {
  ours: {
    code: `export { Router } from '@wayfare/core'; export { openaiCompatible } from '@wayfare/openai-compatible'`,
    from: folder,
    without: ['@wayfare/provider-kit', 'undici'],
  },
  core: { code: `export { Router } from '@wayfare/core'`, from: folder },
  openai: { code: `export { OpenAI } from 'openai'`, from: peers },
  anthropic: { code: `export { Anthropic } from '@anthropic-ai/sdk'`, from: peers },
  'AI SDK': {
    code: `export { streamText, generateText } from 'ai'; export { createOpenAI } from '@ai-sdk/openai'`,
    from: peers,
  },
}

function peerImport(name: string): string {
  const loader = `file://${peers}/load.mjs`
  return `await (await import(${JSON.stringify(loader)})).load(${JSON.stringify(name)})`
}

/** Medians, in rounds in which all take turns; a peer that does not run is left out. */
async function inTurns<T>(
  cases: Readonly<Record<string, T>>,
  rounds: number,
  measure: (what: T) => Promise<number>,
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

async function importMs({ code, cwd = folder, env = process.env }: Importing): Promise<number> {
  // The import before is for the loader itself, which a program has loaded by then.
  const program = `await import('data:text/javascript,'); const before = process.cpuUsage(); ${code}
    const { user, system } = process.cpuUsage(before); console.log((user + system) / 1_000)`
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program], { cwd, env })
  return Number(stdout.trim())
}

async function firstAnswerMs(program: string, name: string, baseURL: string): Promise<number> {
  const { stdout } = await run(process.execPath, [program, name, baseURL])
  return Number(stdout.trim())
}
