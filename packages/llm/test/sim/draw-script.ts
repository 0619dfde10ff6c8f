import type { LLMErrorKind } from '@wayfare/core'
import type { Dice } from './dice.ts'
import type { Act, Facts } from './scene.ts'

const errorKinds: readonly LLMErrorKind[] = [
  'auth',
  'permission',
  'billing',
  'region_blocked',
  'rate_limit',
  'rate_limit',
  'overloaded',
  'overloaded',
  'server',
  'server',
  'server',
  'timeout',
  'network',
  'network',
  'stream_truncated',
  'protocol',
  'response_too_large',
  'redirect',
  'bad_request',
  'request_too_large',
  'context_length',
  'content_filter',
  'model_not_found',
  'unsupported',
  'conflict',
]

/** What a provider does for one request: some events, then an end of some kind. */
export function drawScript(dice: Dice): readonly Act[] {
  // As many answers as failures: a run in which nothing ever works shows little.
  if (dice.chance(0.25)) return [...dice.list(1, 4, () => drawText(dice)), ...drawUsage(dice), drawFinish(dice)]
  if (dice.chance(0.12)) return [drawThrow(dice)]
  const body = dice.list(0, 7, () => drawAct(dice))
  return [...(dice.chance(0.5) ? [{ do: 'wait', ms: drawMs(dice) } as const] : []), ...body, ...drawEnd(dice)]
}

function drawEnd(dice: Dice): readonly Act[] {
  switch (dice.int(0, 11)) {
    case 0:
    case 1:
    case 2:
    case 3:
      return [...drawUsage(dice), drawFinish(dice)]
    case 4:
      return [{ do: 'read', acts: [drawText(dice), ...drawUsage(dice), drawFinish(dice)] }]
    case 5:
      return []
    case 6:
      return [{ do: 'stall' }]
    case 7:
      return [drawFinish(dice), dice.chance(0.5) ? drawText(dice) : drawThrow(dice)]
    default:
      return [drawThrow(dice)]
  }
}

function drawAct(dice: Dice): Act {
  switch (dice.int(0, 17)) {
    case 0:
      return { do: 'start', ...(dice.chance(0.3) && { served: dice.pick(['m', 'cheap', 'mystery']) }) }
    case 1:
    case 2:
      return { do: 'think', chars: dice.int(1, 60) }
    case 3:
      return { do: 'read', acts: dice.list(1, 4, () => drawAct(dice)).filter(isEvent) }
    case 4:
      return { do: 'tool', name: dice.chance(0.8) ? 'look' : 'nobody', ...(dice.chance(0.2) && { broken: true }) }
    case 5:
      return dice.chance(0.5) ? { do: 'tool_delta' } : { do: 'text', chars: 0 }
    case 6:
      return { do: 'usage', share: dice.random(), ...(dice.chance(0.2) && { costToo: true }) }
    case 7:
    case 8:
    case 9:
      return { do: 'wait', ms: drawMs(dice) }
    case 10:
      return dice.chance(0.3)
        ? { do: dice.pick(['file', 'side_effect'] as const) }
        : { do: 'text_part', chars: dice.int(1, 30) }
    case 11:
      return dice.chance(0.2)
        ? { do: 'block', ms: dice.pick([20, 300, 7_000]) }
        : { do: 'keep_alive', ms: dice.pick([5, 700, 9_000]), times: dice.int(1, 6) }
    default:
      return drawText(dice)
  }
}

/** What may stand in one read with others. */
function isEvent(act: Act): boolean {
  return act.do !== 'wait' && act.do !== 'block' && act.do !== 'keep_alive' && act.do !== 'stall' && act.do !== 'read'
}

function drawText(dice: Dice): Act {
  return { do: 'text', chars: dice.pick([1, 5, 30, 200]) }
}

function drawMs(dice: Dice): number {
  return dice.pick([0, 0, 1, 2, 10, 80, 450, 2_500, 26_000, 400_000])
}

function drawUsage(dice: Dice): readonly Act[] {
  return dice.chance(0.8) ? [{ do: 'usage', share: dice.random(), ...(dice.chance(0.15) && { costToo: true }) }] : []
}

function drawFinish(dice: Dice): Act {
  return {
    do: 'finish',
    reason: dice.pick(['stop', 'stop', 'stop', 'length', 'tool_calls', 'content_filter', 'other']),
  }
}

function drawThrow(dice: Dice): Act {
  if (dice.chance(0.05)) return { do: 'throw', kind: 'TypeError' }
  const kind = dice.pick(errorKinds)
  const facts: Facts = {
    ...(dice.chance(0.25) && { retryAfterMs: dice.pick([1, 30, 800, 20_000, 90_000, 100_000_000]) }),
    ...(dice.chance(0.2) && { billed: dice.pick(['no', 'yes', 'unknown'] as const) }),
    ...(dice.chance(0.1) && { status: dice.pick([400, 404, 429, 503]) }),
  }
  return { do: 'throw', kind, ...(Object.keys(facts).length > 0 && { facts }) }
}
