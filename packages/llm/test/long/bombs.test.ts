import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { startEmulator } from '@wayfare/emulator'
import type { RawStep } from '@wayfare/emulator'
import { afterAll, describe, expect, test } from 'vitest'
import { textual } from '../faults/kit/calls.ts'
import { bodyOf, headOf, record } from '../faults/kit/recording.ts'
import { wireNamed, wires } from '../faults/kit/wires.ts'
import type { Wire } from '../faults/kit/wires.ts'
import type { Report } from './client.ts'

const MiB = 2 ** 20
/** What one event may hold. */
const eventLimit = 32 * MiB
/** What a whole body, or all that is kept of an answer, may hold. */
const bodyLimit = 256 * MiB
const run = promisify(execFile)
const root = fileURLToPath(new URL('../../../../', import.meta.url))
const program = fileURLToPath(new URL('client.ts', import.meta.url))
const long = process.env['WAYFARE_LONG'] === undefined

describe.skipIf(long)(
  'to run these: WAYFARE_LONG=1 npx vitest run packages/llm/test/long',
  { timeout: 600_000 },
  () => {
    describe.each(wires)('$name', (wire) => {
      test(`S12 ${wire.name}: a line of 400 MB costs no more memory than an event may`, async () => {
        const events = await record(wire, { text: 'One two three.' })
        const at = events.findIndex((event) => event.includes('two'))
        const [before, after] = bodyOf(wire, [events[at]!]).split('two') as [string, string] // it stands there once
        const start = bodyOf(wire, events.slice(0, at)) + before
        const report = await measured(wire, [headOf(wire), start, { repeat: 'x', times: 400_000_000 }, after])
        expect(report).toMatchObject({ kind: 'response_too_large', deltas: 1 })
        expectMemory(report, eventLimit)
      })

      test(`S13 ${wire.name}: four million events reach a slow reader in order, and no queue grows`, async () => {
        const events = await record(wire, { text: 'One #n three.', usage: { input: 12, output: 5 } })
        const at = events.findIndex((event) => event.includes('#n'))
        const flood = Array.from({ length: 40 }, (_, n): RawStep => {
          return { repeat: bodyOf(wire, [events[at]!.replace('#n ', `${n % 7} `)]), times: 100_000 }
        })
        const [before, after] = [bodyOf(wire, events.slice(0, at)), bodyOf(wire, events.slice(at + 1))]
        const report = await measured(wire, [headOf(wire), before, ...flood, after], 'stream', 48 * MiB)
        expect(report.kind).toBeUndefined()
        expect(report.deltas).toBe(4_000_002)
        const expected = flood.map((_, n) => ({ text: `${n % 7} `, times: 100_000 }))
        expect(report.runs).toEqual([{ text: 'One ', times: 1 }, ...expected, { text: 'three.', times: 1 }])
        expect(report.usage).toMatchObject({ input: 12, output: 5 })
        expectMemory(report, bodyLimit)
      })

      test(`H41 ${wire.name}: 400 MB in a gzip of 400 KB cost no more memory than an event may`, async () => {
        const type = wire.format === 'sse' ? 'text/event-stream' : 'application/x-ndjson'
        const report = await measured(wire, zipped(type))
        expect(report).toMatchObject({ kind: 'response_too_large', deltas: 0 })
        expectMemory(report, eventLimit)
      })

      test(`H41 ${wire.name}: 400 MB of one JSON body in a gzip cost no more memory than a body may`, async () => {
        const report = await measured(wire, zipped('application/json'), 'whole')
        expect(report).toMatchObject({ kind: 'response_too_large', deltas: 0 })
        expectMemory(report, bodyLimit)
      })
    })

    // Responses repeats the arguments at their end, and what stands there counts.
    describe.each(textual.filter(({ protocol }) => protocol !== 'responses'))('$name', (wire) => {
      test(`J03 ${wire.name}: arguments nested four million deep are not parsed`, async () => {
        const report = await measured(wire, await nested(wire, 4_000_000))
        expect(report.kind).toBeUndefined()
        expect(report.toolCalls).toEqual([{ invalid: true, length: 4_000_000 }])
        expectMemory(report, eventLimit)
      })

      test(`J03 ${wire.name}: arguments nested ten million deep are longer than arguments may be`, async () => {
        const report = await measured(wire, await nested(wire, 10_000_000))
        expect(report).toMatchObject({ kind: 'response_too_large', toolCalls: [] })
        expectMemory(report, eventLimit)
      })
    })

    test.each(['google', 'ollama'])('J03 %s: an event nested ten million deep is not parsed', async (name) => {
      const wire = wireNamed(name)
      const report = await measured(wire, await nested(wire, 10_000_000))
      expect(report).toMatchObject({ kind: 'protocol', message: expect.stringContaining('nested deeper') })
      expectMemory(report, eventLimit)
    })
  },
)

/** Makes the call in a process of its own, which lets so much garbage lie; the emulator's memory is this one's. */
async function measured(wire: Wire, raw: readonly RawStep[], stream = 'stream', grain = 8 * MiB): Promise<Report> {
  await using emulator = await startEmulator()
  emulator.enqueue(wire.wire, { text: 'Hello.' }, { raw })
  const args = ['--expose-gc', '--import', 'tsx', '--conditions=@wayfare/source', program]
  const { stdout } = await run(
    process.execPath,
    [...args, wire.name, emulator.baseURL(wire.wire), stream, `${grain}`],
    {
      cwd: root,
    },
  )
  return JSON.parse(stdout) as Report // printed by the client
}

/** An answer that calls a tool with so many opening brackets. */
async function nested(wire: Wire, depth: number): Promise<RawStep[]> {
  const call = textual.includes(wire) ? { name: 'read', rawInput: '[MARK]' } : { name: 'read', input: ['MARK'] }
  const events = await record(wire, { toolCalls: [call], deltaSize: 64 })
  const at = events.findIndex((event) => event.includes('MARK'))
  const [before, after] = bodyOf(wire, [events[at]!]).split(textual.includes(wire) ? '[MARK]' : '["MARK"]')
  return [
    headOf(wire),
    bodyOf(wire, events.slice(0, at)) + before!,
    { repeat: '[', times: depth },
    after! + bodyOf(wire, events.slice(at + 1)),
  ]
}

let bomb: Uint8Array | undefined

function zipped(contentType: string): RawStep[] {
  bomb ??= gzipSync(Buffer.alloc(400_000_000, 'x'))
  const head = `HTTP/1.1 200 OK\r\ncontent-type: ${contentType}\r\ncontent-encoding: gzip\r\nconnection: close\r\n\r\n`
  return [head, bomb]
}

/** Beyond what the process took before the call: the limit, and 64 MB for all the rest. */
function expectMemory({ before, peak }: Report, limit: number): void {
  const grown = Math.round((peak - before) / MiB)
  const allowed = Math.round(limit / MiB) + 64
  const title = expect.getState().currentTestName?.split(' > ').at(-1)
  lines.push(`${title}: ${grown} MiB of ${allowed} MiB`)
  expect(grown).toBeLessThan(allowed)
}

const lines: string[] = []

afterAll(() => {
  if (process.env['WAYFARE_FIGURES'] === undefined || lines.length === 0) return
  const folder = fileURLToPath(new URL('../../../../apps/docs/figures/', import.meta.url))
  mkdirSync(folder, { recursive: true })
  const figures = { title: 'Bombs: memory beyond what the process had', command: 'pnpm test:long bombs', lines }
  writeFileSync(`${folder}bombs.json`, `${JSON.stringify(figures, undefined, 2)}\n`)
})
