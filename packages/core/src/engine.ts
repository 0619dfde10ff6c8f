import type { Budget } from './contract/budget.ts'
import type { Clock } from './contract/clock.ts'
import type { Pricing } from './contract/pricing.ts'
import type { Provider } from './contract/provider.ts'
import type { RouterOptions } from './contract/router.ts'
import { Affinity } from './affinity.ts'
import { Balances } from './balances.ts'
import { Breakers } from './breaker.ts'
import { Calibration } from './calibration.ts'
import { chance } from './chance.ts'
import type { Chance } from './chance.ts'
import { systemClock } from './clock.ts'
import { Drains } from './drains.ts'
import { Emitter } from './emitter.ts'
import { LLMError } from './error.ts'
import { Latency } from './latency.ts'
import { RetryQuota } from './quota.ts'

/** What the calls of a router share. Nothing in it belongs to one call. */
export interface Engine {
  readonly providers: Map<string, Provider>
  readonly pricing: Pricing | undefined
  readonly budget: Budget | undefined
  readonly clock: Clock
  readonly chance: Chance
  readonly emitter: Emitter
  readonly breakers: Breakers
  readonly quota: RetryQuota
  readonly balances: Balances
  readonly latency: Latency
  readonly affinity: Affinity
  readonly calibration: Calibration
  readonly drains: Drains
  /** Settlements still under way. */
  readonly settling: Set<Promise<void>>
  /** Models whose old price was already told. */
  readonly toldStale: Set<string>
}

export function makeEngine(options: RouterOptions): Engine {
  const clock = options.clock ?? systemClock
  const luck = chance(options.random)
  const emitter = new Emitter()
  const engine: Engine = {
    providers: new Map(),
    pricing: options.pricing,
    budget: options.budget,
    clock,
    chance: luck,
    emitter,
    breakers: new Breakers(clock, () => luck.random(), emitter),
    quota: new RetryQuota(),
    balances: new Balances(clock),
    latency: new Latency(clock),
    affinity: new Affinity(clock),
    calibration: new Calibration(),
    drains: new Drains(clock),
    settling: new Set(),
    toldStale: new Set(),
  }
  if (!Array.isArray(options.providers))
    throw new LLMError('config', 'providers must be a list, such as [anthropic(), openai()]')
  for (const provider of options.providers) register(engine, provider)
  return engine
}

export function register(engine: Engine, provider: Provider): void {
  if (typeof provider?.chat !== 'function')
    throw new LLMError('config', 'a provider needs a name and chat(); did you forget to call it, as in openai()?')
  const { name } = provider
  if (typeof name !== 'string' || name === '' || name.includes('/')) {
    throw new LLMError('config', 'a provider needs a name that is not empty and has no "/"')
  }
  if (engine.providers.has(name)) {
    throw new LLMError(
      'config',
      `the provider name "${name}" is taken; give the second one another, as in openai({ name: "${name}-2" })`,
    )
  }
  engine.providers.set(name, provider)
}
