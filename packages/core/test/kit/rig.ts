import { Router } from '@wayfare/core'
import type { ChatEvent, RouterOptions } from '@wayfare/core'
import { steady } from './chance.ts'
import { VirtualClock } from './clock.ts'
import { Ledger } from './ledger.ts'
import { FlatPricing } from './pricing.ts'
import { ScriptedProvider } from './provider.ts'
import type { Script, ScriptedOptions } from './provider.ts'

export interface RigOptions extends Partial<Omit<RouterOptions, 'providers' | 'clock' | 'budget'>> {
  readonly budget?: Ledger | undefined
  readonly clock?: VirtualClock | undefined
  readonly scripted?: { readonly [provider: string]: ScriptedOptions } | undefined
}

export interface Rig<Name extends string> {
  readonly router: Router
  readonly clock: VirtualClock
  readonly ledger: Ledger
  readonly providers: { readonly [name in Name]: ScriptedProvider }
  /** What is still held when nothing should be: timers, connections, money. Empty is clean. */
  readonly leaks: () => readonly string[]
}

/** A router over scripted providers in virtual time. The model is `m` of the first provider unless told otherwise. */
export function rig<const Name extends string>(
  scripts: { readonly [name in Name]: readonly Script[] },
  options: RigOptions = {},
): Rig<Name> {
  const { scripted, budget: ledger = new Ledger(), clock = new VirtualClock(), ...rest } = options
  const names = Object.keys(scripts) as Name[] // the keys of a record by name are its names
  const made = names.map((name) => new ScriptedProvider(name, scripts[name], scripted?.[name]))
  const router = new Router({
    pricing: new FlatPricing(),
    random: steady(0.5),
    model: { provider: names[0] ?? '', model: 'm' },
    ...rest,
    providers: made,
    clock,
    budget: ledger,
  })
  const leaks = (): readonly string[] => [
    ...(clock.timersLeft > 0 ? [`${clock.timersLeft} timers`] : []),
    ...made
      .filter((provider) => provider.open > 0)
      .map((provider) => `${provider.open} connections of ${provider.name}`),
    ...(ledger.pendingUsd > 0 ? [`${ledger.pendingUsd} USD pending`] : []),
    ...ledger.violations,
  ]
  const providers = Object.fromEntries(made.map((provider) => [provider.name, provider])) as Rig<Name>['providers'] // one per name
  return { router, clock, ledger, providers, leaks }
}

/** Reads a stream to its end: the events, and the error in their place if it threw. */
export async function readAll<T = ChatEvent>(
  source: AsyncIterable<T>,
): Promise<{ readonly items: readonly T[]; readonly error?: unknown }> {
  const items: T[] = []
  try {
    for await (const item of source) items.push(item)
  } catch (error) {
    return { items, error }
  }
  return { items }
}

/** The events in short, for comparison at a glance. */
export function brief(events: readonly ChatEvent[]): readonly string[] {
  return events.map((event) => {
    switch (event.type) {
      case 'text_delta':
        return event.text
      case 'reasoning_delta':
        return `(${event.text})`
      case 'attempt_start':
        return `start ${event.attempt} ${event.target.provider}/${event.target.model}`
      case 'attempt_failed':
        return `failed ${event.attempt} ${event.error.kind}`
      case 'reset':
        return `reset ${event.attempt}`
      case 'tool_call':
        return `call ${event.toolCall.name}`
      case 'finish':
        return `finish ${event.response.finishReason}`
      default:
        return event.type
    }
  })
}

/** An AbortSignal that knows how many listen to it. */
export function countedSignal(): { readonly controller: AbortController; readonly listeners: () => number } {
  const controller = new AbortController()
  const { signal } = controller
  let listeners = 0
  const add = signal.addEventListener.bind(signal)
  const remove = signal.removeEventListener.bind(signal)
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    listeners++
    add(...args)
  }
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    listeners--
    remove(...args)
  }
  return { controller, listeners: () => listeners }
}
