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

/**
 * Later values replace earlier ones key by key; an undefined one replaces nothing. Every name is written out, so that all calls
 * have one shape: to spread one object over another takes longer than the whole rest of a call's preparation.
 */
export function merge(defaults: CallDefaults, later: CallDefaults): CallDefaults {
  return {
    model: either(later.model, defaults.model),
    // What is as good as one model need not be as good as another.
    alternatives: either(later.alternatives, later.model === undefined ? defaults.alternatives : undefined),
    order: either(later.order, defaults.order),
    affinity: either(later.affinity, defaults.affinity),
    hedge: either(later.hedge, defaults.hedge),
    system: either(later.system, defaults.system),
    session: either(later.session, defaults.session),
    agent: either(later.agent, defaults.agent),
    tags: either(later.tags, defaults.tags),
    tools: either(later.tools, defaults.tools),
    toolChoice: either(later.toolChoice, defaults.toolChoice),
    timeout: either(later.timeout, defaults.timeout),
    signal: either(later.signal, defaults.signal),
    fallbacks: either(later.fallbacks, defaults.fallbacks),
    onInterrupt: either(later.onInterrupt, defaults.onInterrupt),
    onAbort: either(later.onAbort, defaults.onAbort),
    stream: either(later.stream, defaults.stream),
    providerOptions: either(later.providerOptions, defaults.providerOptions),
    maxOutputTokens: either(later.maxOutputTokens, defaults.maxOutputTokens),
    temperature: either(later.temperature, defaults.temperature),
    topP: either(later.topP, defaults.topP),
    seed: either(later.seed, defaults.seed),
    stop: either(later.stop, defaults.stop),
    reasoning: either(later.reasoning, defaults.reasoning),
  }
}

/** What is null is kept: it is refused where it is read. */
function either<T>(later: T | undefined, earlier: T | undefined): T | undefined {
  return later === undefined ? earlier : later
}
