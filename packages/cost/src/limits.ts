import type { Scope, Window } from '@wayfare/core'
import { CostConfigError } from './error.ts'
import { nanoNearest } from './nano.ts'
import { checkKeys, checkName, checkObject, checkOneOf } from './shape.ts'

/** USD. Absent or 0: no limit. `window` is a calendar window of the tracker's time zone; default `total`. */
export interface Limits {
  /** From here on calls are told, and go on. Not above `hard`. */
  readonly soft?: number | undefined
  /** What is posted and pending never exceeds this. */
  readonly hard?: number | undefined
  /** When counting begins anew: `total` (never, the default), `day`, `week` (from Monday) or `month`. */
  readonly window?: Window | undefined
}

/** Singular: each one of the kind. Plural: that one by name, instead of it. */
export interface LimitSettings {
  /** Of all calls together. */
  readonly global?: Limits | undefined
  /** Of each session. Calls without a `session` do not count here. */
  readonly session?: Limits | undefined
  /** Of a session by its id. */
  readonly sessions?: { readonly [id: string]: Limits } | undefined
  /** Of each agent: a call's `agent`, or what stands before the first colon of its session. */
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
  checkObject(settings, where, 'a limit looks like { soft: 1, hard: 2 }')
  checkKeys(settings, ['soft', 'hard', 'window'], where)
  const { soft, hard, window = 'total' } = settings
  checkOneOf(window, windows, `${where}.window`)
  const limit = {
    hard: readUsd(hard, 'hard', where, onZero),
    soft: readUsd(soft, 'soft', where, onZero),
    window,
    settings,
  }
  if (limit.soft !== undefined && limit.hard !== undefined && limit.soft > limit.hard)
    throw new CostConfigError(
      `${where} has soft ${soft} above hard ${hard}; soft comes first, so make it the smaller one`,
    )
  return limit
}

export function checkKinds(settings: LimitSettings): void {
  checkObject(settings, 'limits', 'it looks like { session: { hard: 1 } }')
  checkKeys(settings, kinds, 'limits')
}

/** The limits of one plural kind, by name; of what is absent, none. */
export function entriesOf<T extends object>(
  byName: { readonly [name: string]: T } | undefined,
  where: string,
): [string, T][] {
  if (byName === undefined) return []
  const expected = 'it holds limits by name, such as { NAME: { hard: 1 } }'
  checkObject(byName, where, expected)
  const entries = Object.entries(byName)
  for (const [name, value] of entries) checkObject(value, `${where}["${name}"]`, `${where} ${expected.slice(3)}`)
  return entries
}

/** A model is named with its provider. */
export function checkModel(ref: string, where: string): void {
  if (/^[^/]+\/./s.test(ref)) return
  throw new CostConfigError(`${where} has the model "${ref}"; name it with its provider, as PROVIDER/MODEL`)
}

/** Throws a `config` error for what names no scope. */
export function checkScope(scope: Scope): void {
  checkObject(scope, 'the scope', "it looks like { kind: 'agent', id: 'support' }")
  checkOneOf(scope.kind, ['global', 'session', 'agent', 'provider', 'model', 'tag'], 'the kind of the scope')
  if (scope.kind === 'global') return checkKeys(scope, ['kind'], 'the global scope')
  checkKeys(scope, scope.kind === 'tag' ? ['kind', 'tag', 'id'] : ['kind', 'id'], `the scope of a ${scope.kind}`)
  checkName(scope.id, `the id of the ${scope.kind}`)
  if (scope.kind === 'tag') checkName(scope.tag, 'the tag of the scope')
  if (scope.kind === 'model') checkModel(scope.id, 'the scope')
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

function readUsd(
  usd: number | undefined,
  name: 'hard' | 'soft',
  where: string,
  onZero: (where: string) => void,
): number | undefined {
  if (usd === undefined) return undefined
  // Nano-USD are counted exactly up to nine million USD.
  if (typeof usd !== 'number' || !(usd >= 0 && usd <= 9e6))
    throw new CostConfigError(`${where}: ${name} is not a number from 0 to 9,000,000 (USD); leave it out for no limit`)
  if (usd > 0) return nanoNearest(usd)
  onZero(where)
  return undefined
}
