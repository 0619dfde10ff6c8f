import type { CallDefaults } from './contract/call.ts'
import type { ModelTarget } from './contract/model.ts'
import { boundsOf } from './bounds.ts'
import type { Engine } from './engine.ts'
import { groupOf } from './opt-ins.ts'
import { missingTrait } from './plan.ts'
import { keyOf } from './reference.ts'
import type { ResolvedCall } from './resolve.ts'

/** A target of the group and why it stands where it does, in words. */
export interface Member {
  readonly target: ModelTarget
  readonly because: string
  /** Whether it must not go first. */
  readonly never?: true
}

type Ask = Pick<ResolvedCall, 'call' | 'messages' | 'toolList'>

/** The model of a call and what is as good, in the order in which this call tries them. Weights are drawn here, once. */
export function orderGroup(engine: Engine, primary: ModelTarget, ask: Ask): readonly Member[] {
  const { call } = ask
  if (call.alternatives === undefined) return [{ target: primary, because: 'the model of the call' }]
  const targets = groupOf(call, engine.providers)
  if (targets.length === 1) return [{ target: primary, because: 'the model of the call' }]
  const members = ordered(engine, targets, call.order ?? 'listed', ask)
  const claim = claimOf(engine, members, ask)
  if (claim === undefined) return members
  return [{ ...claim, because: 'it answered this session last' }, ...members.filter((member) => member !== claim)]
}

function ordered(
  engine: Engine,
  targets: readonly ModelTarget[],
  order: NonNullable<CallDefaults['order']>,
  ask: Ask,
): readonly Member[] {
  switch (order) {
    case 'listed':
      return targets.map((target, index) => ({
        target,
        because: index === 0 ? 'the model of the call' : 'an alternative, as listed',
      }))
    case 'cheapest':
      return byFigure(targets, (target) => priceOf(engine, target, ask), Infinity).map(({ target, figure }) => ({
        target,
        because: figure === undefined ? 'the cheapest goes first; its price is unknown' : 'the cheapest goes first',
      }))
    case 'fastest':
      return byFigure(targets, (target) => engine.latency.of(target), -1).map(({ target, figure }) => ({
        target,
        because:
          figure === undefined
            ? 'the fastest goes first; it was not measured lately'
            : `the fastest goes first; it takes about ${Math.round(figure)} ms to its first output`,
      }))
    default:
      return drawn(engine, targets, order.weights)
  }
}

interface Figured {
  readonly target: ModelTarget
  readonly figure: number | undefined
}

/** Least first; equal ones stay as they are listed. */
function byFigure(
  targets: readonly ModelTarget[],
  figureOf: (target: ModelTarget) => number | undefined,
  unknown: number,
): readonly Figured[] {
  return targets
    .map((target) => ({ target, figure: figureOf(target) }))
    .toSorted((a, b) => compare(a.figure ?? unknown, b.figure ?? unknown))
}

// Infinity less Infinity is no order.
function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function priceOf(engine: Engine, target: ModelTarget, ask: Ask): number | undefined {
  if (engine.providers.get(target.provider)?.traits?.(target.model).free) return 0
  const { minUsd, maxUsd } = boundsOf(engine, ask, target)
  return maxUsd ?? minUsd
}

/** Drawn one after the other, each by its share of what is left; those of no weight come last. */
function drawn(
  engine: Engine,
  targets: readonly ModelTarget[],
  weights: { readonly [target: string]: number },
): readonly Member[] {
  const left = targets.map((target) => ({ target, weight: weights[keyOf(target)] ?? 1 }))
  const members: Member[] = []
  while (left.length > 0) {
    const [{ target, weight }] = left.splice(draw(engine, left), 1) as [(typeof left)[number]] // draw() gives an index of it
    if (weight > 0) members.push({ target, because: `drawn by its weight of ${weight}` })
    else members.push({ target, because: 'its weight is 0', never: true })
  }
  return members
}

function draw(engine: Engine, left: readonly { readonly weight: number }[]): number {
  const candidates = left.filter(({ weight }) => weight > 0)
  if (candidates.length === 0) return 0
  if (candidates.length === 1) return left.indexOf(candidates[0]!)
  let rest = engine.chance.random() * candidates.reduce((sum, { weight }) => sum + weight, 0)
  const winner = candidates.find(({ weight }) => (rest -= weight) < 0)
  // The sum of floats may miss by a hair.
  return left.indexOf(winner ?? candidates.at(-1)!)
}

/** The member that answered this session last, unless its time is over or it cannot be asked now. */
function claimOf(engine: Engine, members: readonly Member[], ask: Ask): Member | undefined {
  const { session, affinity } = ask.call
  if (session === undefined || affinity === undefined) return undefined
  const key = engine.affinity.claim(session, affinity.ttlMs)
  const member = members.find(({ target, never }) => keyOf(target) === key && !never)
  if (member === undefined || engine.breakers.closure(member.target) !== undefined) return undefined
  const provider = engine.providers.get(member.target.provider)!
  return missingTrait(provider, member.target.model, ask) === undefined ? member : undefined
}
