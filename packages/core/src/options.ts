import type { CallDefaults, CompleteCall, Timeouts } from './contract/call.ts'
import type { Fallbacks } from './contract/fallbacks.ts'
import type { RouterOptions } from './contract/router.ts'
import { LLMError } from './error.ts'
import { nearest } from './nearest.ts'

// Objects, not lists, so that the compiler finds a forgotten name.
const defaultNames: Record<keyof CallDefaults, true> = {
  model: true,
  alternatives: true,
  order: true,
  affinity: true,
  hedge: true,
  system: true,
  session: true,
  agent: true,
  tags: true,
  tools: true,
  toolChoice: true,
  timeout: true,
  signal: true,
  fallbacks: true,
  onInterrupt: true,
  onAbort: true,
  stream: true,
  providerOptions: true,
  maxOutputTokens: true,
  temperature: true,
  topP: true,
  seed: true,
  stop: true,
  reasoning: true,
}
const callNames: Record<keyof CompleteCall, true> = { ...defaultNames, messages: true, output: true, onEvent: true }
const routerNames: Record<keyof RouterOptions, true> = {
  ...defaultNames,
  providers: true,
  pricing: true,
  budget: true,
  clock: true,
  random: true,
}
const timeoutNames: Record<keyof Timeouts, true> = {
  totalMs: true,
  attemptMs: true,
  connectMs: true,
  firstByteMs: true,
  firstChunkMs: true,
  idleMs: true,
  progressMs: true,
}

const switchModelNames = { trigger: true, action: true, model: true, threshold: true, limit: true }
type Where = 'call' | 'router' | 'with' | 'timeout' | 'order' | 'affinity' | 'hedge' | FallbackAction
type FallbackAction = Exclude<Fallbacks[number], string>['action']

const names: Readonly<Record<Where, Readonly<Record<string, boolean>>>> = {
  call: callNames,
  router: routerNames,
  with: defaultNames,
  timeout: timeoutNames,
  order: { weights: true },
  affinity: { ttlMs: true },
  hedge: { afterMs: true },
  switch_model: switchModelNames,
  switch_provider: { ...switchModelNames, provider: true },
  wait_and_retry: { trigger: true, action: true, maxRetries: true, backoff: true },
}

/** Refuses an option that nobody knows, and names the nearest one. `path` says where it stands, when that is not obvious. */
export function checkNames(options: object, where: Where, path?: string): void {
  for (const name in options) {
    if (Object.hasOwn(names[where], name)) continue
    const meant = nearest(name, Object.keys(names[where]))
    const hint = meant === undefined ? '' : `; did you mean "${meant}"?`
    throw new LLMError('config', `${path === undefined ? '' : `${path}: `}unknown option "${name}"${hint}`)
  }
}

/** Later values replace earlier ones key by key; an undefined one replaces nothing. */
export function merge<T extends CallDefaults>(defaults: CallDefaults, later: T): T {
  const merged: CallDefaults & T = { ...defaults, ...later }
  for (const name in later)
    if (later[name] === undefined) merged[name] = (defaults as Partial<T>)[name] as (typeof merged)[typeof name] // a default, or still undefined
  // What is as good as one model need not be as good as another.
  if (later.model !== undefined && later.alternatives === undefined && defaults.alternatives !== undefined)
    return { ...merged, alternatives: undefined }
  return merged
}
