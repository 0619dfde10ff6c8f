import { spawn } from 'node:child_process'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { build } from 'tsup'
import { beforeAll, describe, expect, test } from 'vitest'
import { openJournal } from '../../src/journal/index.ts'
import { sums } from '../../src/testing/orders.ts'
import { figures } from '../figures.ts'
import { long } from '../long.ts'
import { scratch } from './scratch.ts'

const at = scratch()
const source = fileURLToPath(new URL('kill-worker.ts', import.meta.url))
const program = at('kill-worker.mjs')
const kills = Number(process.env['WAYFARE_KILLS'] ?? 50)
const tell = figures(
  'journal-kills',
  'Money: a journal whose writer is killed',
  `WAYFARE_KILLS=${kills} pnpm test:long money --figures`,
)

interface Told {
  reserved: number
  dispatched: number
  settled: number
}

/** Runs a worker to its end, which comes after so many lines, and counts what it was told. */
async function lived(path: string, how: string, lines: number): Promise<Told> {
  const child = spawn(process.execPath, [program, path, how], { stdio: ['ignore', 'pipe', 'ignore'] })
  const gone = new Promise((resolve) => child.once('exit', resolve))
  const told: Told = { reserved: 0, dispatched: 0, settled: 0 }
  let count = 0
  for await (const line of createInterface({ input: child.stdout })) {
    told[line as keyof Told]++ // the worker prints nothing else
    if (++count === lines) child.kill('SIGKILL')
  }
  await gone
  return told
}

async function expectKept(path: string, told: readonly Told[]): Promise<void> {
  const store = await openJournal(path)
  const [posted, pending] = await sums(store)
  const all = (name: keyof Told): number => told.reduce((sum, each) => sum + each[name], 0)
  // A worker may be told of some more than it could still print: four at most are under way at once.
  const slack = 4 * told.length
  expect(posted).toBeGreaterThanOrEqual(all('settled'))
  expect(posted + pending / 100).toBeGreaterThanOrEqual(all('reserved'))
  expect(pending / 100).toBeLessThanOrEqual(slack)
  await store.close()
}

describe.skipIf(!long)('to run these: WAYFARE_LONG=1 npx vitest run packages/cost/test/journal', () => {
  // A thousand processes: each starts several times as fast from one plain file.
  beforeAll(async () => {
    const outExtension = () => ({ js: '.mjs' })
    await build({ entry: [source], outDir: dirname(program), outExtension, format: 'esm', config: false, silent: true })
  })

  test(
    `C03 a process that is killed while it writes loses nothing that was acknowledged: ${kills} kills, one journal (1,000: WAYFARE_KILLS=1000)`,
    {
      timeout: 3_600_000,
    },
    async () => {
      const path = at('killed')
      const told: Told[] = []
      for (let i = 0; i < kills; i++) {
        told.push(await lived(path, 'work', 40 + ((i * 37) % 200)))
        await expectKept(path, told)
      }
      const settled = told.reduce((sum, each) => sum + each.settled, 0)
      tell(
        `${kills} kills (SIGKILL) of a process that writes one journal: ${settled} acknowledged settlements, 0 of them lost.`,
      )
    },
  )

  test.each(['exit', 'throw'])('C06 a process that ends by %s in the middle leaves what a kill leaves', async (how) => {
    const path = at(how)
    const told = await lived(path, how, Infinity)
    expect(told.settled).toBeGreaterThan(5)
    await expectKept(path, [told])
  })
})
