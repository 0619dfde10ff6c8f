// A process of its own that makes one call and reports what it took. Its arguments: the wire, the emulator's base URL, and
// whether to stream, and how many bytes of garbage may lie.
import { existsSync, readFileSync } from 'node:fs'
import { LLMError, createLLM } from '@wayfare/llm'
import { canaryKey, wireNamed } from '../faults/kit/wires.ts'
import { tools } from '../faults/kit/calls.ts'

const status = '/proc/self/status'

export interface Report {
  readonly kind?: string
  readonly message?: string
  readonly deltas: number
  /** Changes of the delta's text, in order. */
  readonly runs: readonly { readonly text: string; times: number }[]
  readonly toolCalls: readonly { readonly invalid: boolean; readonly length: number }[]
  readonly usage?: object
  /** Bytes of memory in use before the call, and at most during it. */
  readonly before: number
  readonly peak: number
}

async function main(): Promise<Report> {
  const [name, baseURL, stream, grain] = process.argv.slice(2) as [string, string, string, string]
  const wire = wireNamed(name)
  const llm = createLLM({
    providers: [wire.make({ baseURL, apiKey: canaryKey })],
    model: { provider: wire.name, model: wire.model },
    fallbacks: [{ trigger: 'error', action: 'wait_and_retry', maxRetries: 0 }],
    stream: stream === 'stream',
    maxOutputTokens: 1_000,
  })
  // Loads all that a call loads, so that it does not count.
  await llm.complete({ messages: 'Hello?', tools })
  globalThis.gc?.()
  const before = process.memoryUsage.rss()
  // The engine lets tens of megabytes of network buffers lie before it collects them: what is measured is what is kept.
  const stop = collectAllAlong(Number(grain))
  const runs: { text: string; times: number }[] = []
  let deltas = 0
  let outcome: Partial<Report> = {}
  try {
    const call = llm.stream({ messages: 'Hello?', tools })
    for await (const event of call) {
      if (event.type !== 'text_delta') continue
      const last = runs.at(-1)
      if (last?.text === event.text) last.times++
      else runs.push({ text: event.text, times: 1 })
      // A reader that is slower than the sender.
      if (++deltas % 1_000 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    const { toolCalls, usage } = await call.response()
    const seen = toolCalls.map(({ invalid, rawInput }) => ({ invalid: invalid === true, length: rawInput.length }))
    outcome = { usage, toolCalls: seen }
  } catch (error) {
    if (!LLMError.is(error)) throw error
    outcome = { kind: error.kind, message: error.message }
  }
  stop()
  await llm.close()
  return { toolCalls: [], ...outcome, deltas, runs, before, peak: peakBytes() }
}

/** Collects whenever so many bytes have come since the last time, however busy the machine is. */
function collectAllAlong(grain: number): () => void {
  let kept = inUse()
  const collect = (): void => {
    if (inUse() > kept + grain) {
      globalThis.gc?.()
      kept = inUse()
    }
    next = setImmediate(collect)
  }
  let next = setImmediate(collect)
  return () => clearImmediate(next)
}

function inUse(): number {
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** What the process took at most. Linux hands the figure of `resourceUsage` down from the process that started this one. */
function peakBytes(): number {
  if (!existsSync(status)) return process.resourceUsage().maxRSS * 1024
  return Number(/VmHWM:\s*(\d+) kB/.exec(readFileSync(status, 'utf8'))?.[1]) * 1024
}

main().then(
  (report) => console.log(JSON.stringify(report)),
  (error: unknown) => {
    console.error(error)
    process.exitCode = 1
  },
)
