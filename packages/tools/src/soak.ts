import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { LLMError, PriceRegistry, createLLM } from '@wayfare/llm'
import type { LLM } from '@wayfare/llm'
import { HeapLog } from './soak/heap.ts'
import { faultNames, promptOf, textOf } from './soak/job.ts'
import type { Job } from './soak/job.ts'
import { soakWires } from './soak/wires.ts'

const help = `Usage: pnpm soak [--seconds 60] [--streams 1000] [--figures]

Streams over real sockets for a bounded time: one call in twenty meets a fault, one reader in twenty is slow. What the server
sent, what the readers got and what was billed must be the same, and heap, sockets and timers must stay flat.
--figures writes apps/docs/figures/soak.json.`

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    streams: { type: 'string', default: '1000' },
    figures: { type: 'boolean' },
    help: { type: 'boolean' },
  },
})

interface Count {
  calls: number
  faults: number
  /** How often a reader came back because every circuit was open. */
  returns: number
  attempts: number
  /** Of them, those that heard nothing: the connections of a thousand at once may fail before the server sees their requests. */
  unheard: number
  tokens: number
  costNano: number
  readonly wrong: string[]
}

if (values.help) console.log(help)
else await soak(Number(values.seconds), Number(values.streams))

async function soak(seconds: number, streams: number): Promise<void> {
  const server = fork(fileURLToPath(new URL('./soak/server.ts', import.meta.url)))
  const [{ baseURLs }] = (await once(server, 'message')) as [{ baseURLs: Record<string, string> }]
  const llm = createLLM({
    providers: soakWires.map(({ wire, make }) => make(baseURLs[wire]!)),
    model: `${soakWires[0]!.wire}/${soakWires[0]!.model}`,
    prices: new PriceRegistry({ entries: [], fallbackRate: { input: 1, output: 1 } }),
    limits: { global: { hard: 1_000_000 } },
    maxOutputTokens: 500,
  })
  const count: Count = { calls: 0, faults: 0, returns: 0, attempts: 0, unheard: 0, tokens: 0, costNano: 0, wrong: [] }
  llm.on('attempt', (attempt) => {
    count.attempts++
    if (attempt.outcome === 'failed' && attempt.usageSource === 'none' && attempt.status === undefined) count.unheard++
    count.tokens += attempt.usage.total
    count.costNano += Math.round((attempt.costUsd ?? 0) * 1e9)
  })
  const heap = new HeapLog()
  const end = performance.now() + seconds * 1_000
  const work = Array.from({ length: streams }, (_, worker) => stream(llm, worker, end, count))
  while (performance.now() < end) {
    await sleep(Math.min(2_000, Math.max(0, end - performance.now())))
    console.log(
      `${Math.max(0, Math.ceil((end - performance.now()) / 1_000))} s left: ${count.calls} calls, heap ${heap.sample().toFixed(0)} MiB`,
    )
  }
  await Promise.all(work)
  await llm.close()
  await report(llm, server, count, heap, seconds, streams)
  server.disconnect()
}

/** One reader, call after call. */
async function stream(llm: LLM, worker: number, end: number, count: Count): Promise<void> {
  const { wire, model } = soakWires[worker % soakWires.length]!
  const others = [1, 2, 3].map((step) => soakWires[(worker + step) % soakWires.length]!)
  // Many that fail at once open a circuit: then the next vendor answers.
  const patient = llm.with({
    model: { provider: wire, model },
    session: `soak:${worker}`,
    fallbacks: others.map((other) => `${other.wire}/${other.model}`),
  })
  for (let round = 0; performance.now() < end; round++) {
    const id = round * 1_000_000 + worker
    const faulty = dice(worker, round) === 0
    const slow = dice(worker, round) === 7
    const fault = faulty ? faultNames[1 + (round % (faultNames.length - 1))]! : 'none'
    const job: Job = { id, words: 20 + ((worker * 7 + round) % 80), fault }
    count.calls++
    if (faulty) count.faults++
    try {
      const text = await answered(patient, job, slow, count)
      if (text !== textOf(job)) count.wrong.push(`job ${id}: another text than was sent`)
    } catch (error) {
      count.wrong.push(`job ${id} (${fault}): ${error instanceof Error ? error.message : 'failed'}`)
    }
  }
}

/** Many failures at once open the circuits of all vendors, whatever their share: then a reader comes back later, as users do. */
async function answered(llm: LLM, job: Job, slow: boolean, count: Count): Promise<string> {
  for (;;) {
    try {
      return await read(llm, job, slow)
    } catch (error) {
      if (!LLMError.is(error) || !(error.kind === 'circuit_open' || error.retryable)) throw error
      count.returns++
      await sleep(Math.min(error.retryAfterMs ?? 1_000, 1_000))
    }
  }
}

/** One of twenty sides, the same for the same call. */
function dice(worker: number, round: number): number {
  return ((worker * 2_654_435_761 + round * 40_503) >>> 7) % 20
}

async function read(llm: LLM, job: Job, slow: boolean): Promise<string> {
  let text = ''
  const call = llm.stream({ messages: promptOf(job) })
  for await (const event of call) {
    if (event.type === 'text_delta') text += event.text
    if (event.type === 'reset') text = ''
    if (slow && event.type === 'text_delta') await sleep(1)
  }
  const { usage } = await call.response()
  if (usage.output !== job.words) throw new Error(`${usage.output} tokens billed for ${job.words}`)
  return text
}

interface ServerState {
  readonly openSockets: number
  readonly requests: number
}

/** Once its sockets are closed, which takes a moment after the client let go of them. */
async function stateOf(server: ChildProcess): Promise<ServerState> {
  for (let tries = 0; ; tries++) {
    server.send('state')
    const [state] = (await once(server, 'message')) as [ServerState]
    if (state.openSockets === 0 || tries === 50) return state
    await sleep(100)
  }
}

async function report(
  llm: LLM,
  server: ChildProcess,
  count: Count,
  heap: HeapLog,
  seconds: number,
  streams: number,
): Promise<void> {
  const { costUsd, pendingUsd, inputTokens, outputTokens, attempts } = await llm.costs.global()
  const { openSockets, requests } = await stateOf(server)
  const timers = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
  const checks: readonly [string, boolean][] = [
    [
      `${count.calls} calls, ${count.faults} of them with a fault, ${count.returns} times a reader came back to open circuits; ${count.wrong.length} wrong or lost answers`,
      count.wrong.length === 0,
    ],
    [
      `${count.attempts} attempts on the ledger, ${attempts} in the tracker; ${requests} requests at the server, ${count.unheard} that heard nothing`,
      count.attempts === attempts && requests <= attempts && attempts - count.unheard <= requests,
    ],
    [
      `${count.tokens} tokens on the ledger, ${inputTokens + outputTokens} in the tracker`,
      count.tokens === inputTokens + outputTokens,
    ],
    [
      `$${(count.costNano / 1e9).toFixed(6)} on the ledger, $${costUsd.toFixed(6)} in the tracker, $${pendingUsd} pending`,
      count.costNano === Math.round(costUsd * 1e9) && pendingUsd === 0,
    ],
    [`${openSockets} sockets and ${timers} timers left`, openSockets === 0 && timers === 0],
    [
      `heap ${heap.last.toFixed(0)} MiB at the end, ${((heap.growth() - 1) * 100).toFixed(1)} % above the middle of the run`,
      heap.flat(),
    ],
  ]
  for (const [line, holds] of checks) console.log(`${holds ? 'ok  ' : 'FAIL'} ${line}`)
  for (const line of count.wrong.slice(0, 10)) console.log(`     ${line}`)
  if (checks.some(([, holds]) => !holds)) process.exitCode = 1
  if (!values.figures) return
  mkdirSync('apps/docs/figures', { recursive: true })
  const figures = {
    title: 'Soak',
    command: `pnpm soak --seconds ${seconds} --streams ${streams}`,
    lines: checks.map(([line]) => line),
  }
  writeFileSync('apps/docs/figures/soak.json', `${JSON.stringify(figures, undefined, 2)}\n`)
}
