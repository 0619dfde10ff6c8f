import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LLMError, jsonSchema } from '@wayfare/core'
import type { CallDefaults, ChatEvent, ChatResponse, LLMErrorKind } from '@wayfare/core'
import { seeded } from './kit/chance.ts'
import { call, finish, text, thought, usage } from './kit/events.ts'
import { Ledger } from './kit/ledger.ts'
import type { Script, Step } from './kit/provider.ts'
import { countedSignal, readAll, rig } from './kit/rig.ts'
import { unhandledDuring } from './kit/rejections.ts'

/** Scenes per run; more of them in the long run. */
const scenes = process.env['WAYFARE_LONG'] === undefined ? 300 : 5_000

type Way = 'events' | 'text' | 'response' | 'events beside response' | 'crowd'

interface Scene {
  readonly a: readonly Script[]
  readonly b: readonly Script[]
  readonly c: readonly Script[]
  readonly options: Pick<
    CallDefaults,
    'fallbacks' | 'onInterrupt' | 'timeout' | 'alternatives' | 'order' | 'affinity' | 'session' | 'hedge'
  >
  readonly prefill: boolean
  readonly way: Way
  /** Leaves after so many items, in one of the ways to leave. */
  readonly leaveAt: number | undefined
  readonly leaveBy: 'break' | 'abort' | 'close' | 'throw'
  readonly pauseMs: number
  /** The nth request to the store fails. */
  readonly storeFaults: readonly number[]
  readonly hardUsd: number
  readonly soft: boolean
  readonly seed: number
}

const faultKinds: readonly LLMErrorKind[] = [
  ...([
    'server',
    'overloaded',
    'network',
    'timeout',
    'rate_limit',
    'stream_truncated',
    'protocol',
    'conflict',
  ] as const),
  ...(['auth', 'billing', 'bad_request', 'context_length', 'model_not_found'] as const),
]
const faults = fc
  .record({ kind: fc.constantFrom(...faultKinds), retryAfterMs: fc.constantFrom(undefined, 5, 3_000, 90_000) })
  .map(({ kind, retryAfterMs }): Step => new LLMError(kind, `a ${kind}`, { retryAfterMs }))
const words = fc.constantFrom('a', 'bc', 'd e', '👋', '')
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: words.map(text) },
  { weight: 2, arbitrary: words.map(thought) },
  { weight: 2, arbitrary: fc.array(words.map(text), { maxLength: 4 }) },
  { weight: 1, arbitrary: fc.constant(call('look', {})) },
  { weight: 1, arbitrary: fc.constant({ type: 'tool_call_delta', index: 0, rawInput: '{"a' } as const) },
  { weight: 1, arbitrary: fc.constant({ type: 'start', id: 'r' } as const) },
  { weight: 1, arbitrary: fc.nat(50).map((output) => usage({ input: 9, output })) },
  { weight: 1, arbitrary: fc.constantFrom(1, 400, 4_000, 40_000).map((waitMs) => ({ waitMs })) },
)
const last: fc.Arbitrary<readonly Step[]> = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('stop', 'length', 'tool_calls').map((reason) => [finish(reason as 'stop')]) },
  { weight: 4, arbitrary: faults.map((fault) => [fault]) },
  { weight: 1, arbitrary: fc.constant([]) },
  { weight: 1, arbitrary: fc.constant([{ stall: 'until_abort' } as const]) },
  { weight: 1, arbitrary: fc.constant([new TypeError('oops')]) },
  { weight: 1, arbitrary: fc.constant([finish(), text('late')]) },
  { weight: 1, arbitrary: fc.constant([{ type: 'side_effect', name: 's' } as const, new LLMError('server', 'broke')]) },
)
const script = fc.tuple(fc.array(step, { maxLength: 6 }), last).map(([steps, end]): Script => [...steps, ...end])
const scripts = fc.array(script, { minLength: 1, maxLength: 4 })

const options = {
  fallbacks: fc.constantFrom(
    undefined,
    ['b/m'],
    ['b/m', 'c/m', 'a/m'],
    [{ trigger: 'error', action: 'wait_and_retry', maxRetries: 3 } as const, 'b/m'],
    [{ trigger: 'cost_limit', limit: 'soft', action: 'switch_provider', provider: 'c', model: 'm' } as const, 'b/m'],
    [{ trigger: 'timeout', action: 'switch_model', model: 'n' } as const],
  ),
  onInterrupt: fc.constantFrom(undefined, 'reset', 'fail', 'continue'),
  timeout: fc.constantFrom(undefined, 3_000, { progressMs: 2_000 }, { firstChunkMs: 500, attemptMs: 30_000 }),
}
/** What is off by default. */
const optIns = {
  alternatives: fc.constantFrom(undefined, ['b/m'], ['b/m', 'c/m'], ['c/m', 'a/n', 'b/m']),
  order: fc.constantFrom(undefined, 'cheapest', 'fastest', { weights: { 'a/m': 2 } }),
  affinity: fc.constantFrom(undefined, { ttlMs: 1_000 }),
  session: fc.constantFrom(undefined, 's'),
  hedge: fc.constantFrom({ afterMs: 0 }, { afterMs: 1 }, { afterMs: 400 }, { afterMs: 2_000 }),
}

const sceneWith = (more: object): fc.Arbitrary<Scene> =>
  fc.record({
    a: scripts,
    b: scripts,
    c: scripts,
    options: fc.record({ ...options, ...more }) as fc.Arbitrary<Scene['options']>, // the literals widen
    prefill: fc.boolean(),
    way: fc.constantFrom('events', 'text', 'response', 'events beside response', 'crowd'),
    leaveAt: fc.option(fc.integer({ min: 1, max: 8 }), { nil: undefined }),
    leaveBy: fc.constantFrom('break', 'abort', 'close', 'throw'),
    pauseMs: fc.constantFrom(0, 0, 1, 900),
    storeFaults: fc.array(fc.nat(12), { maxLength: 3 }),
    hardUsd: fc.constantFrom(Infinity, Infinity, 1, 2.5),
    soft: fc.boolean(),
    seed: fc.nat(),
  })

const outran = 'another attempt of the call answered first'
const tools = { look: { inputSchema: jsonSchema({}) } }

/** Plays a scene to its end and checks everything that must hold whatever happened. */
async function play(scene: Scene): Promise<void> {
  let asked = 0
  const budget = new Ledger({
    hardUsd: scene.hardUsd,
    before: () => {
      if (scene.storeFaults.includes(asked++)) throw new Error('down')
    },
    soft: () => (scene.soft ? [{ scope: { kind: 'global' }, limitUsd: 1, spentUsd: 2, first: true }] : []),
  })
  const { a, b, c } = scene
  const { router, clock, leaks, providers } = rig(
    { a, b, c },
    { ...scene.options, budget, random: seeded(scene.seed), scripted: { a: { traits: { prefill: scene.prefill } } } },
  )
  const { controller, listeners } = countedSignal()
  const stream = router.stream({ messages: 'x', tools, signal: controller.signal })
  const own = new Error('mine')
  let closing: Promise<void> | undefined

  async function* watched<T>(source: AsyncIterable<T>): AsyncGenerator<T> {
    let seen = 0
    for await (const item of source) {
      yield item
      if (scene.pauseMs > 0) await clock.sleep(scene.pauseMs)
      if (++seen !== scene.leaveAt) continue
      if (scene.leaveBy === 'break') return
      if (scene.leaveBy === 'throw') throw own
      if (scene.leaveBy === 'abort') controller.abort()
      else closing ??= stream.close()
    }
  }
  const asResponse = async (): Promise<{ items: readonly ChatEvent[]; error?: unknown }> => {
    try {
      await stream.response()
      return { items: [] }
    } catch (error) {
      return { items: [], error }
    }
  }
  const readers: Record<Way, () => Promise<{ items: readonly (ChatEvent | string)[]; error?: unknown }>> = {
    events: () => readAll(watched(stream)),
    text: () => readAll(watched(stream.textStream)),
    response: asResponse,
    'events beside response': async () => {
      stream.response().catch(() => {})
      return readAll(watched(stream))
    },
    crowd: () => readAll(crowd(stream, 3)),
  }

  const { items, error } = await clock.run(readers[scene.way]())
  await closing
  await clock.run(stream.close())
  await clock.run(router.close())
  // A settlement whose every try failed stays pending, which the lease of a real store ends.
  expect(leaks().filter((leak) => scene.storeFaults.length === 0 || !leak.endsWith('pending'))).toEqual([])
  expect(listeners()).toBe(controller.signal.aborted && listeners() === 1 ? 1 : 0)
  const response = await stream.response().catch(() => undefined)
  expect(error === undefined || error === own || LLMError.is(error)).toBe(true)

  const events = items.filter((item): item is ChatEvent => typeof item !== 'string')
  if (events.length > 0) checkOrder(events)
  if (response !== undefined) {
    checkAnswer(
      response,
      Object.values(providers).flatMap(({ name }) => scene[name as 'a']),
      scene.options.hedge !== undefined,
    )
    // A store that lost its answers may have posted less.
    if (scene.storeFaults.length === 0) expect(budget.postedUsd).toBeCloseTo(response.costUsd ?? NaN, 12)
  }
  const whole = scene.way === 'text' ? items.filter((item) => typeof item === 'string').join('') : shownText(events)
  const finished =
    scene.way === 'text' ? error === undefined && scene.leaveAt === undefined : events.at(-1)?.type === 'finish'
  expect(finished ? whole : response?.text).toBe(response?.text)
}

/** Several calls of next() at once, their results in the order of the calls. */
async function* crowd<T>(source: AsyncIterable<T>, width: number): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]()
  for (;;) {
    const results = await Promise.allSettled(Array.from({ length: width }, () => iterator.next()))
    for (const result of results) {
      if (result.status === 'rejected') throw result.reason
      if (result.value.done) return
      yield result.value.value as T
    }
  }
}

/** Starts count up, failures follow their start, a reset stands right before a start and after something shown, finish is last. */
function checkOrder(events: readonly ChatEvent[]): void {
  let started = 0
  const underWay = new Set<number>()
  let shown = false
  for (const [index, event] of events.entries()) {
    switch (event.type) {
      case 'attempt_start':
        expect(event.attempt).toBe(++started)
        underWay.add(started)
        expect(underWay.size).toBeLessThanOrEqual(2)
        break
      case 'text_delta':
      case 'reasoning_delta':
        expect(started).toBeGreaterThan(0)
        shown = true
        break
      case 'attempt_failed':
        // A target that was not even asked fails under the number of the last that was.
        expect(underWay.delete(event.attempt) || event.attempt === started).toBe(true)
        if (event.next !== undefined) underWay.clear()
        break
      case 'reset':
        expect(shown).toBe(true)
        shown = false
        expect(event.attempt).toBeLessThanOrEqual(started)
        if (index + 1 < events.length) expect(events[index + 1]?.type).toBe('attempt_start')
        break
      case 'finish':
        expect(index).toBe(events.length - 1)
        break
    }
  }
}

/** What a reader of events holds at the end: everything since the last reset. */
function shownText(events: readonly ChatEvent[]): string {
  const reset = events.findLastIndex(({ type }) => type === 'reset')
  return events
    .slice(reset + 1)
    .map((event) => (event.type === 'text_delta' ? event.text : ''))
    .join('')
}

/** The text is what one script sends, or starts with what another sent when it was continued. */
function checkAnswer(response: ChatResponse, played: readonly Script[], hedged: boolean): void {
  const texts = played.map((steps) => textsOf(steps).join(''))
  expect(continuations(texts, response.text)).toBe(true)
  const { attempts } = response
  expect(attempts.at(-1)?.outcome).toBe('ok')
  const others = attempts.slice(0, -1).filter(({ outcome }) => outcome !== 'failed')
  expect(others.length).toBeLessThanOrEqual(hedged ? 1 : 0)
  for (const other of others) expect(other).toMatchObject({ outcome: 'cancelled', message: outran })
}

function continuations(texts: readonly string[], whole: string): boolean {
  if (texts.includes(whole)) return true
  return texts.some(
    (piece) => piece !== '' && whole.startsWith(piece) && continuations(texts, whole.slice(piece.length)),
  )
}

/** What a script writes before it finishes: what comes later is never part of an answer. */
function textsOf(steps: Script): readonly string[] {
  const events = steps.flat() as readonly Step[] // batches are one deep
  const end = events.findIndex((each) => 'type' in each && each.type === 'finish')
  return events
    .slice(0, end === -1 ? undefined : end)
    .flatMap((each) => ('type' in each && each.type === 'text_delta' ? [each.text] : []))
}

test('whatever providers, stores and consumers do, the promises hold', async () => {
  const unhandled = await unhandledDuring(() =>
    fc.assert(fc.asyncProperty(sceneWith({}), play), { numRuns: scenes, seed: 20_260_101 }),
  )
  expect(unhandled).toEqual([])
})

test('they hold as well for groups, and for two attempts at once', async () => {
  const unhandled = await unhandledDuring(() =>
    fc.assert(fc.asyncProperty(sceneWith(optIns), play), { numRuns: scenes, seed: 20_260_102 }),
  )
  expect(unhandled).toEqual([])
})
