import type { CallDefaults, CompleteCall, Timeouts } from './contract/call.ts'
import type { Fallbacks } from './contract/fallbacks.ts'
import type { RouterOptions } from './contract/router.ts'
import { LLMError } from './error.ts'
import { didYouMean } from './nearest.ts'
import { defaultOptions } from './scalars.ts'

type FallbackAction = Exclude<Fallbacks[number], string>['action']
type Where = 'call' | 'router' | 'with' | 'timeout' | 'order' | 'affinity' | 'hedge' | FallbackAction

// Objects, not lists, so that the compiler finds a forgotten name.
const callNames: Record<keyof CompleteCall, unknown> = { ...defaultOptions, messages: 0, output: 0, onEvent: 0 }
const routerNames: Record<keyof RouterOptions, unknown> = {
  ...defaultOptions,
  providers: 0,
  pricing: 0,
  budget: 0,
  clock: 0,
  random: 0,
}
const timeoutNames: Record<keyof Timeouts, 0> = {
  totalMs: 0,
  attemptMs: 0,
  connectMs: 0,
  firstByteMs: 0,
  firstChunkMs: 0,
  idleMs: 0,
  progressMs: 0,
}
const switchModelNames = { trigger: 0, action: 0, model: 0, threshold: 0, limit: 0 }

const names: Readonly<Record<Where, object>> = {
  call: callNames,
  router: routerNames,
  with: defaultOptions,
  timeout: timeoutNames,
  order: { weights: 0 },
  affinity: { ttlMs: 0 },
  hedge: { afterMs: 0 },
  switch_model: switchModelNames,
  switch_provider: { ...switchModelNames, provider: 0 },
  wait_and_retry: { trigger: 0, action: 0, maxRetries: 0, backoff: 0 },
}

/** What other libraries call what is an option of a call here. */
const elsewhere: ReadonlyMap<string, keyof CompleteCall> = new Map([
  ['prompt', 'messages'],
  ['input', 'messages'],
  ['instructions', 'system'],
  ['max_tokens', 'maxOutputTokens'],
  ['maxTokens', 'maxOutputTokens'],
  ['stopSequences', 'stop'],
  ['schema', 'output'],
  ['response_format', 'output'],
  ['abortSignal', 'signal'],
  ['maxRetries', 'fallbacks'],
])

/** Refuses an option that nobody knows, and names the nearest one. `path` says where it stands, when that is not obvious. */
export function checkNames(options: object, where: Where, path?: string): void {
  for (const name in options) {
    if (Object.hasOwn(names[where], name)) continue
    const meant = elsewhere.get(name)
    const isHere = meant !== undefined && Object.hasOwn(names[where], meant)
    const hint = isHere ? `; here it is "${meant}"` : didYouMean(name, Object.keys(names[where]))
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
