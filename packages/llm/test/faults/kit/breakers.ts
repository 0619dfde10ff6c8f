import { startEmulator } from '@wayfare/emulator'
import type { Reply } from '@wayfare/emulator'
import { LLMError, createLLM } from '@wayfare/llm'
import type { Fallbacks, LLM, LLMOptions } from '@wayfare/llm'
import { HastyClock } from './clock.ts'
import { providerOf } from './wires.ts'
import type { Wire } from './wires.ts'

export interface Opened {
  readonly key: string
  /** Requests sent until then. */
  readonly after: number
}

/** What opened while twelve requests met the same answer (or twelve calls, where fewer were sent). */
export async function breakersAfter(
  wire: Wire,
  reply: Reply,
  options?: Partial<LLMOptions>,
): Promise<{ opened: readonly Opened[]; requests: number }> {
  return staged(wire, reply, options, async ({ llm, sent }) => {
    const opened: Opened[] = []
    llm.on('breaker', ({ key, state }) => {
      if (state === 'open') opened.push({ key, after: sent() })
    })
    for (let call = 0; call < 12 && sent() < 12; call++) await fail(llm)
    return { opened, requests: sent() }
  })
}

/** Whether the target is left alone, so many milliseconds after one such answer. */
export async function coolingAfter(wire: Wire, reply: Reply, times: readonly number[]): Promise<boolean[]> {
  const fallbacks: Fallbacks = [{ trigger: ['error', 'rate_limit'], action: 'wait_and_retry', maxRetries: 0 }]
  return staged(wire, reply, {}, async ({ llm, clock }) => {
    await fail(llm, fallbacks)
    const cooling: boolean[] = []
    let at = 0
    for (const time of times) {
      await clock.sleep(time - at)
      at = time
      cooling.push(llm.plan({ messages: 'Hello?' }).skipped.some(({ reason }) => reason === 'cooldown'))
    }
    return cooling
  })
}

interface Stage {
  readonly llm: LLM
  readonly clock: HastyClock
  /** Chat requests so far. */
  readonly sent: () => number
}

async function staged<T>(
  wire: Wire,
  reply: Reply,
  options: Partial<LLMOptions> | undefined,
  play: (stage: Stage) => Promise<T>,
): Promise<T> {
  await using emulator = await startEmulator()
  emulator.answer(wire.wire, () => reply)
  const clock = new HastyClock()
  const llm = createLLM({
    providers: [providerOf(wire, emulator)],
    model: { provider: wire.name, model: wire.model },
    maxOutputTokens: 100,
    clock,
    random: () => 0.5,
    ...options,
  })
  try {
    return await play({ llm, clock, sent: () => emulator.requests.length })
  } finally {
    await llm.close()
  }
}

async function fail(llm: LLM, fallbacks: Fallbacks = []): Promise<void> {
  try {
    await llm.complete({ messages: 'Hello?', fallbacks })
  } catch (error) {
    if (LLMError.is(error)) return
    throw error
  }
  throw new Error('the call was answered')
}
