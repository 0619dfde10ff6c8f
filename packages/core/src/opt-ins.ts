import type { CallDefaults, TargetOrder } from './contract/call.ts'
import type { ModelTarget } from './contract/model.ts'
import type { Provider } from './contract/provider.ts'
import { LLMError } from './error.ts'
import { isObject } from './is-object.ts'
import { didYouMean } from './nearest.ts'
import { checkNames } from './options.ts'
import { keyOf, parseRef, providerNamed } from './reference.ts'

/** Throws `config` for a group, an affinity or a hedge that a user got wrong. */
export function checkOptIns(call: CallDefaults, providers: ReadonlyMap<string, Provider>): void {
  const { alternatives, order, affinity, hedge } = call
  if (alternatives !== undefined && !Array.isArray(alternatives))
    throw new LLMError('config', 'alternatives must be a list of references, such as ["openai/gpt-5.4"]')
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

const orders: readonly unknown[] = ['listed', 'cheapest', 'fastest']

function checkOrder(order: TargetOrder | undefined, group: readonly ModelTarget[]): void {
  if (order === undefined || orders.includes(order)) return
  if (!isObject(order) || !isObject(order.weights))
    throw new LLMError('config', 'order must be "listed", "cheapest", "fastest" or { weights }')
  checkNames(order, 'order', 'order')
  for (const [key, weight] of Object.entries<unknown>(order.weights)) {
    if (!Number.isFinite(weight) || (weight as number) < 0)
      throw new LLMError('config', `order.weights["${key}"] must be a number, 0 or more`)
  }
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

function checkMs<N extends string>(
  option: { readonly [name in N]: number },
  where: 'affinity' | 'hedge',
  name: N,
): void {
  if (!isObject(option)) throw new LLMError('config', `${where} must be { ${name} }`)
  checkNames(option, where, where)
  if (typeof option[name] !== 'number' || !(option[name] >= 0))
    throw new LLMError('config', `${where}.${name} must be a number of milliseconds, 0 or more`)
}
