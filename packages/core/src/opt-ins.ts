import type { CallDefaults, TargetOrder } from './contract/call.ts'
import type { ModelTarget } from './contract/model.ts'
import type { Provider } from './contract/provider.ts'
import { checkValue, notNegative, type Check } from './check-value.ts'
import { LLMError } from './error.ts'
import { didYouMean } from './nearest.ts'
import { checkNames } from './options.ts'
import { keyOf, parseRef, providerNamed } from './reference.ts'

/** Throws `config` for what a group, an affinity or a hedge says that cannot be; each is of its kind already. */
export function checkOptIns(call: CallDefaults, providers: ReadonlyMap<string, Provider>): void {
  const { alternatives, order, affinity, hedge } = call
  if (alternatives !== undefined || order !== undefined) checkOrder(order, groupOf(call, providers))
  if (affinity !== undefined) checkMs(affinity, 'affinity', 'ttlMs')
  if (hedge !== undefined) checkMs(hedge, 'hedge', 'afterMs')
}

/** The model of a call and its alternatives as they are written, each once. */
export function groupOf(call: CallDefaults, providers: ReadonlyMap<string, Provider>): readonly ModelTarget[] {
  const group = new Map<string, ModelTarget>()
  for (const ref of [call.model!, ...(call.alternatives ?? [])]) {
    // a router always has a default model
    const target = parseRef(ref)
    providerNamed(providers, target.provider)
    if (!group.has(keyOf(target))) group.set(keyOf(target), target)
  }
  return [...group.values()]
}

function checkOrder(order: TargetOrder | undefined, group: readonly ModelTarget[]): void {
  if (typeof order !== 'object') return
  checkNames(order, 'order', 'order')
  for (const key in order.weights) checkValue(`order.weights["${key}"]`, order.weights[key], notNegative)
  // Without alternatives there is nothing to weigh.
  if (group.length > 1) checkWeights(order.weights, group.map(keyOf))
}

function checkWeights(weights: { readonly [target: string]: number }, keys: readonly string[]): void {
  for (const key of Object.keys(weights)) {
    if (keys.includes(key)) continue
    const hint = didYouMean(key, keys)
    throw new LLMError('config', `order.weights names "${key}", which is not in the group (${keys.join(', ')})${hint}`)
  }
  if (keys.every((key) => weights[key] === 0))
    throw new LLMError('config', 'order.weights leaves no target that may go first; give one of them more than 0')
}

const milliseconds: Check = {
  fits: (value) => typeof value === 'number' && value >= 0,
  want: 'a number of milliseconds, 0 or more',
}

function checkMs<N extends string>(
  option: { readonly [name in N]: number },
  where: 'affinity' | 'hedge',
  name: N,
): void {
  checkNames(option, where, where)
  checkValue(`${where}.${name}`, option[name], milliseconds)
}
