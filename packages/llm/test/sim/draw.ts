import type { FallbackRule, Timeouts } from '@wayfare/core'
import type { Limits, LimitSettings } from '@wayfare/cost'
import { Dice } from './dice.ts'
import { drawScript } from './draw-script.ts'
import type { CallSpec, ProviderSpec, Scene, WorldEvent } from './scene.ts'

const models = ['m', 'cheap', 'free', 'mystery'] as const
const hour = 3_600_000
const day = 24 * hour

/** The scene of a seed. Most of it is quiet, so that each kind of trouble is seen alone as well as with the others. */
export function drawScene(seed: number): Scene {
  const dice = new Dice(seed)
  const names = ['a', 'b', 'c', 'd'].slice(0, dice.int(1, 4))
  const troubled = dice.chance(0.3)
  const limited = dice.chance(0.6)
  // Around midnight, when windows end and clocks are set.
  const night = dice.chance(0.2)
  return {
    seed: dice.int(0, 2 ** 31),
    startsAt: night ? dice.pick(['2026-03-31T23:59:30Z', '2026-03-01T00:00:10Z']) : '2026-03-10T12:00:00Z',
    providers: names.map((name) => drawProvider(dice, name)),
    store: {
      faults: troubled
        ? dice.list(1, 3, () => ({
            from: dice.int(0, 30),
            count: dice.weighted([
              [5, 1],
              [2, 2],
              [1, 12],
            ]),
            how: dice.pick(['before', 'after']),
          }))
        : [],
      delaysMs: dice.weighted<readonly number[]>([
        [4, []],
        [2, [0, 1]],
        [2, [3, 0, 20]],
        [1, [400, 10]],
      ]),
    },
    costs: {
      limits: limited ? drawLimits(dice, names) : {},
      onBudget: dice.pick(['reject', 'wait', 'wait', 'shrink']),
      allowUnpriced: dice.chance(0.5),
      ...(dice.chance(0.7) && { maxOutputTokens: dice.pick([50, 200, 1_000]) }),
    },
    calls: dice.list(1, 7, () => drawCall(dice, names)),
    world: dice.chance(night ? 0.7 : 0.2) ? dice.list(1, 3, () => drawEvent(dice)) : [],
  }
}

function drawProvider(dice: Dice, name: string): ProviderSpec {
  return {
    name,
    ...(dice.chance(0.2) && { vendor: 'shared' }),
    ...(dice.chance(0.5) && { prefill: true }),
    ...(dice.chance(0.4) && { stopsOnAbort: dice.chance(0.7) }),
    ...(dice.chance(0.1) && { tools: false }),
    ...(dice.chance(0.04) && { overbills: true }),
    ...(dice.chance(0.08) && { deaf: true }),
    ...(dice.chance(0.25) && {
      balance: dice.pick([{ usd: 1, afterMs: 5 }, { usd: 100, afterMs: 0 }, 'throws', 'never'] as const),
    }),
    scripts: dice.list(1, 5, () => drawScript(dice)),
  }
}

/** In micro-USD, about what a few calls may cost. */
function drawLimit(dice: Dice): Limits {
  const hard = dice.pick([0.000_2, 0.000_6, 0.002, 0.01])
  return {
    ...(dice.chance(0.8) && { hard }),
    ...(dice.chance(0.4) && { soft: hard * dice.pick([0.1, 0.5, 1]) }),
    ...(dice.chance(0.4) && { window: dice.pick(['day', 'week', 'month', 'total'] as const) }),
  }
}

function drawLimits(dice: Dice, names: readonly string[]): LimitSettings {
  const limit = (): Limits => drawLimit(dice)
  const some = dice.chance(0.5)
  return {
    ...(dice.chance(0.5) && { global: limit() }),
    ...(dice.chance(0.4) && { session: limit() }),
    ...(dice.chance(0.2) && { sessions: { 'bot:1': limit() } }),
    ...(dice.chance(0.3) && { agent: limit() }),
    ...(dice.chance(0.2) && { agents: { bot: { ...limit(), ...(some && { session: limit() }) } } }),
    ...(dice.chance(0.25) && { providers: { [dice.pick(names)]: limit() } }),
    ...(dice.chance(0.25) && { models: { [`${dice.pick(names)}/m`]: limit() } }),
    ...(dice.chance(0.25) && { tags: { team: { red: limit(), ...(some && { '*': limit() }) } } }),
  }
}

function drawCall(dice: Dice, names: readonly string[]): CallSpec {
  const reader = dice.weighted([
    [5, 'events'],
    [3, 'text'],
    [2, 'complete'],
    [2, 'response'],
    [0.3, 'nobody'],
  ])
  const leaves = dice.chance(0.25)
  const late = dice.chance(0.2)
  return {
    at: dice.pick([0, 0, 0, 1, 5, 50, 700, 20_000]),
    reader,
    ...(late && { comesAfterMs: dice.pick([1, 5, 10, 40, 300, 3_000]) }),
    ...(dice.chance(0.4) && { pausesMs: dice.list(1, 3, () => dice.pick([0, 1, 30, 900, 20_000])) }),
    ...(dice.chance(0.15) && { width: dice.int(2, 3) }),
    ...(leaves && {
      leave: { after: dice.int(1, 8), by: dice.pick(['break', 'throw', 'abort', 'close', 'abandon'] as const) },
    }),
    ...(dice.chance(late ? 0.6 : 0.25) && {
      responses: [...(late ? [0] : []), ...dice.list(late ? 0 : 1, 3, () => dice.int(0, 5))],
    }),
    ...(dice.chance(0.2) && {
      timed: dice.list(1, 2, () => ({
        atMs: dice.pick([0, 1, 7, 60, 450, 2_000, 15_000]),
        by: dice.pick(['abort', 'close', 'response'] as const),
      })),
    }),
    ...(dice.chance(0.02) && { abortedBefore: true }),
    ...(dice.chance(0.4) && { tools: true }),
    ...(dice.chance(0.03) && { output: true }),
    options: drawOptions(dice, names),
  }
}

function drawOptions(dice: Dice, names: readonly string[]): CallSpec['options'] {
  const session = dice.weighted([
    [3, undefined],
    [2, 'bot:1'],
    [2, 'bot:2'],
    [1, 'plain'],
  ])
  const model = `${dice.pick(names.slice(0, 2))}/${dice.weighted([
    [6, 'm'],
    [1, 'cheap'],
    [1, 'free'],
    [1, 'mystery'],
  ])}`
  return {
    model,
    ...(session !== undefined && { session }),
    ...(dice.chance(0.15) && { agent: dice.pick(['bot', 'other']) }),
    ...(dice.chance(0.3) && { tags: { team: dice.pick(['red', 'blue']) } }),
    ...(dice.chance(0.5) && { maxOutputTokens: dice.pick([1, 16, 40, 300]) }),
    ...(dice.chance(0.6) && { timeout: drawTimeout(dice) }),
    ...(dice.chance(0.7) && { fallbacks: dice.list(1, 4, () => drawRule(dice, names)) }),
    ...(dice.chance(0.5) && { onInterrupt: dice.pick(['reset', 'fail', 'continue', 'continue']) }),
    ...drawGroup(dice, model, names),
    ...(dice.chance(0.1) && { affinity: { ttlMs: dice.pick([100, 60_000]) } }),
    ...(dice.chance(0.2) && { hedge: { afterMs: dice.pick([1, 40, 600, 3_000, Infinity]) } }),
    ...(dice.chance(0.1) && { stream: false }),
    ...(dice.chance(0.1) && { reasoning: dice.pick(['low', { maxTokens: 64 }] as const) }),
  }
}

/** Targets as good as the model, and which of them goes first. */
function drawGroup(
  dice: Dice,
  model: string,
  names: readonly string[],
): Pick<CallSpec['options'], 'alternatives' | 'order'> {
  if (!dice.chance(0.25)) return {}
  const alternatives = dice.list(1, 3, () => `${dice.pick(names)}/${dice.pick(models)}`)
  const order = dice.pick(['listed', 'cheapest', 'fastest', 'weights'])
  if (order !== 'weights') return { alternatives, ...(order !== 'listed' && { order }) }
  return { alternatives, order: { weights: { [model]: dice.pick([0, 1, 3]) } } }
}

function drawTimeout(dice: Dice): number | Timeouts {
  if (dice.chance(0.4)) return dice.pick([5, 300, 3_000, 40_000])
  return {
    ...(dice.chance(0.5) && { totalMs: dice.pick([900, 8_000, 90_000]) }),
    ...(dice.chance(0.3) && { attemptMs: dice.pick([200, 4_000, 30_000]) }),
    ...(dice.chance(0.4) && { firstChunkMs: dice.pick([50, 500, 5_000]) }),
    ...(dice.chance(0.4) && { progressMs: dice.pick([100, 2_000, 20_000]) }),
  }
}

function drawRule(dice: Dice, names: readonly string[]): FallbackRule | string {
  const model = dice.pick(models)
  const provider = dice.pick(names)
  const go = dice.chance(0.6)
    ? ({ action: 'switch_provider', provider, model } as const)
    : ({ action: 'switch_model', model } as const)
  switch (dice.int(0, 5)) {
    case 0:
    case 1:
      return `${provider}/${model}`
    case 2: {
      const trigger = dice.pick(['error', 'rate_limit', 'timeout', 'overloaded'] as const)
      const backoff = dice.pick(['exponential', 'constant'] as const)
      return { trigger, action: 'wait_and_retry', maxRetries: dice.int(0, 4), backoff }
    }
    case 3:
      return { trigger: 'low_funds', ...go, ...(dice.chance(0.6) && { threshold: dice.pick([0.5, 5]) }) }
    case 4:
      return { trigger: 'cost_limit', limit: dice.pick(['soft', 'soft', 'hard']), ...go }
    default: {
      const kinds = ['error', 'rate_limit', 'timeout', 'overloaded', 'context_length', 'content_filter'] as const
      return { trigger: [dice.pick(kinds), dice.pick(kinds)], ...go }
    }
  }
}

function drawEvent(dice: Dice): WorldEvent {
  const at = dice.pick([1, 40, 600, 5_000, 25_000])
  if (dice.chance(0.4)) return { at, do: 'block', ms: dice.pick([30, 400, 6_000, 120_000]) }
  return { at, do: 'wall', ms: dice.pick([-day, -hour, -40_000, 40_000, hour, day, 40 * day]) }
}
