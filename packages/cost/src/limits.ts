import type { Scope, Window } from '@wayfare/core'
import { CostConfigError } from './error.ts'
import { nanoNearest } from './nano.ts'

/** USD. Absent or 0: no limit. `window` is a calendar window of the tracker's time zone; default `total`. */
export interface Limits {
  /** From here on calls are told, and go on. */
  readonly soft?: number | undefined
  /** What is posted and pending never exceeds this. */
  readonly hard?: number | undefined
  readonly window?: Window | undefined
}

/** Singular: each one of the kind. Plural: that one by name, instead of it. */
export interface LimitSettings {
  readonly global?: Limits | undefined
  readonly session?: Limits | undefined
  readonly sessions?: { readonly [id: string]: Limits } | undefined
  readonly agent?: Limits | undefined
  /** `session` inside an agent limits each session of that agent, instead of the general one. */
  readonly agents?: { readonly [id: string]: Limits & { readonly session?: Limits | undefined } } | undefined
  readonly providers?: { readonly [name: string]: Limits } | undefined
  /** By `provider/model`. */
  readonly models?: { readonly [ref: string]: Limits } | undefined
  /** `tags.team.red` limits calls with tags `{ team: 'red' }`; the value `*` stands for each that is not named. */
  readonly tags?: { readonly [tag: string]: { readonly [value: string]: Limits } } | undefined
}

/** A limit in nano-USD, and as it was written. */
export interface Limit {
  readonly hard: number | undefined
  readonly soft: number | undefined
  readonly window: Window
  readonly settings: Limits
}

const windows: readonly string[] = ['total', 'day', 'week', 'month']
const kinds = ['global', 'session', 'sessions', 'agent', 'agents', 'providers', 'models', 'tags']

/** Throws a `config` error for what cannot be a limit; tells `onZero` where a 0 stands. */
export function readLimit(settings: Limits, where: string, onZero: (where: string) => void): Limit {
  checkKeys(settings, ['soft', 'hard', 'window'], where)
  const { soft, hard, window = 'total' } = settings
  if (!windows.includes(window))
    throw new CostConfigError(`${where} has the window "${window}"; use ${windows.join(', ')}`)
  return { hard: readUsd(hard, where, onZero), soft: readUsd(soft, where, onZero), window, settings }
}

export function checkKinds(settings: LimitSettings): void {
  checkKeys(settings, kinds, 'limits')
}

/** A named limit that states neither figure leaves the general one in force. */
export function isStated({ settings }: Limit): boolean {
  return settings.hard !== undefined || settings.soft !== undefined
}

export function scopeName(scope: Scope): string {
  if (scope.kind === 'global') return 'the global limit'
  return scope.kind === 'tag'
    ? `the limit of tag ${scope.tag} "${scope.id}"`
    : `the limit of ${scope.kind} "${scope.id}"`
}

function checkKeys(settings: object, known: readonly string[], where: string): void {
  for (const key of Object.keys(settings)) {
    if (!known.includes(key)) throw new CostConfigError(`${where} has no "${key}"; it has ${known.join(', ')}`)
  }
}

function readUsd(usd: number | undefined, where: string, onZero: (where: string) => void): number | undefined {
  if (usd === undefined) return undefined
  // Nano-USD are counted exactly up to nine million USD.
  if (typeof usd !== 'number' || !(usd >= 0 && usd <= 9e6))
    throw new CostConfigError(`${where} is not an amount from 0 to 9,000,000 USD; leave it out for no limit`)
  if (usd > 0) return nanoNearest(usd)
  onZero(where)
  return undefined
}
