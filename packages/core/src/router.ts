import type { CallDefaults, ChatCall, CompleteCall } from './contract/call.ts'
import type { Fallbacks } from './contract/fallbacks.ts'
import type { ModelRef, ModelTarget } from './contract/model.ts'
import type { Plan } from './contract/plan.ts'
import type { Provider, ProviderCallOptions } from './contract/provider.ts'
import type { ChatResponse, ChatStream, OutputOf } from './contract/response.ts'
import type { HealthResult, Models, RouterEvents, RouterOptions } from './contract/router.ts'
import type { ToolCallOf, ToolSet } from './contract/tool.ts'
import { completeCall } from './complete.ts'
import { makeEngine, register } from './engine.ts'
import type { Draft } from './draft.ts'
import type { Engine } from './engine.ts'
import { LLMError } from './error.ts'
import { checkOptIns } from './opt-ins.ts'
import { checkNames, merge } from './options.ts'
import { planCall } from './plan.ts'
import { parseRef, providerNamed } from './reference.ts'
import { resolveCall } from './resolve.ts'
import type { AnyCall, CallDraft } from './resolve.ts'
import { compileRules } from './rules.ts'
import { checkObject, checkScalars } from './scalars.ts'
import { openStream } from './stream.ts'
import { balance, health, modelsOf } from './survey.ts'
import { timersFor } from './timeouts.ts'

interface State {
  readonly engine: Engine
  defaults: CallDefaults
}

// Kept outside the object: nothing of it shows in a log, and what `with()` returns is the same object with other defaults.
const states = new WeakMap<Router, State>()

/** Sends chat calls to whichever provider can serve them. Holds no state of a call; use one for the whole process. */
export class Router {
  /** Throws `config` for an unknown option, a provider name used twice, or a rule that leads nowhere. */
  constructor(options: RouterOptions) {
    checkObject(
      options,
      'new Router() takes an object of options, such as { providers: [openai()], model: "openai/gpt-5.4" }',
    )
    checkNames(options, 'router')
    const { providers: _, pricing: __, budget: ___, clock: ____, random: _____, ...defaults } = options
    if (options.model === undefined)
      throw new LLMError('config', 'model is missing; give a default such as "openai/gpt-5.4"')
    const state: State = { engine: makeEngine(options), defaults: {} }
    states.set(this, state)
    state.defaults = checkDefaults(state.engine, merge({}, defaults))
  }

  /**
   * Sends a call and resolves when its answer is whole. Streams on the wire unless `stream: false`. Rejects with an `LLMError`,
   * whose `attempts` are the bill all the same.
   */
  async complete<const T extends ToolSet = ToolSet, O = undefined>(
    call: CompleteCall<T, O>,
  ): Promise<ChatResponse<ToolCallOf<T>, OutputOf<T, O>>> {
    checkCall(call)
    const { onEvent } = call
    if (onEvent !== undefined && typeof onEvent !== 'function')
      throw new LLMError('config', 'onEvent must be a function')
    const { engine, defaults } = stateOf(this)
    const answered = completeCall<ToolCallOf<T>, OutputOf<T, O>>(engine, drafted(defaults, call), onEvent)
    // An async function that returns a promise takes three more turns of the queue.
    const response = await answered
    return response
  }

  /**
   * Prepares a call: nothing is checked or sent before the first pull, and what is wrong is told there. Read it once: the
   * events, or its `textStream`.
   */
  stream<const T extends ToolSet = ToolSet, O = undefined>(
    call: ChatCall<T, O>,
  ): ChatStream<ToolCallOf<T>, OutputOf<T, O>> {
    checkCall(call)
    const { engine, defaults } = stateOf(this)
    return openStream(engine, drafted(defaults, call))
  }

  /** Where a call would go, without I/O. */
  // oxlint-disable-next-line typescript/no-explicit-any -- a plan depends neither on the tools' types nor on the output's
  plan(call: ChatCall<any, any>): Plan {
    checkCall(call)
    const { engine, defaults } = stateOf(this)
    return planCall(engine, resolveCall(engine, drafted(defaults, call)))
  }

  /** The same router, with other defaults for some calls. Providers, breakers, prices and budgets are shared. */
  with(defaults: CallDefaults): this {
    checkObject(defaults, 'with() takes an object of options, such as { session: "s1" }')
    checkNames(defaults, 'with')
    const { engine, defaults: own } = stateOf(this)
    const other = Object.create(this) as this // inherits everything, and has a state of its own
    states.set(other, { engine, defaults: checkDefaults(engine, merge(own, defaults)) })
    return other
  }

  /** Adds a provider. Throws `config` for a name that is taken. */
  register(provider: Provider): void {
    register(stateOf(this).engine, provider)
  }

  /** Throws `config` for a rule that names an unregistered provider. */
  setFallbacks(rules: Fallbacks): void {
    setDefaults(this, { fallbacks: rules })
  }

  setTools(source: ToolSet | (() => ToolSet)): void {
    setDefaults(this, { tools: source })
  }

  setDefaultModel(model: ModelRef): void {
    setDefaults(this, { model })
  }

  get defaultModel(): ModelTarget {
    return parseRef(stateOf(this).defaults.model!) // the constructor requires one
  }

  /** What the providers list: `await router.models.list()`. */
  get models(): Models {
    return modelsOf(stateOf(this).engine)
  }

  /** Asks every provider whether it answers and takes the key; costs nothing, and never rejects for one that does not. */
  health(options: ProviderCallOptions = {}): Promise<{ readonly [provider: string]: HealthResult }> {
    return health(stateOf(this).engine, options)
  }

  /** USD left per provider; `Infinity` is unlimited, undefined is untold. */
  balance(options: ProviderCallOptions = {}): Promise<{ readonly [provider: string]: number | undefined }> {
    return balance(stateOf(this).engine, options)
  }

  /** Returns the function that stops listening. */
  on<N extends keyof RouterEvents>(name: N, listener: (event: RouterEvents[N]) => void): () => void {
    return stateOf(this).engine.emitter.on(name, listener)
  }

  /**
   * Waits for what is drained (five seconds at most; then it is cut) and for settlements under way, has the budget tell its
   * store the rest, and closes idle sockets. Calls may follow.
   */
  async close(): Promise<void> {
    const { engine } = stateOf(this)
    await engine.drains.end()
    await Promise.all(engine.settling)
    await engine.budget?.flush?.()
    await Promise.all([...engine.providers.values()].map(async (provider) => provider.close?.()))
  }
}

function checkCall(call: unknown): void {
  const words =
    typeof call === 'string' ? 'a call is an object; write { messages: "..." } around the string' : undefined
  checkObject(call, words ?? 'a call is an object, such as { messages: "hello" }')
}

// oxlint-disable-next-line typescript/no-explicit-any -- the types of tools and output are erased here and checked at run time
function drafted(defaults: CallDefaults, written: ChatCall<any, any>): CallDraft {
  const call = merge(defaults, written) as Draft<AnyCall> // the rest follows
  call.messages = written.messages
  call.output = written.output
  return { written, call }
}

function stateOf(router: Router): State {
  return states.get(router)!
}

function setDefaults(router: Router, later: CallDefaults): void {
  const state = stateOf(router)
  state.defaults = checkDefaults(state.engine, merge(state.defaults, later))
}

/** What is set once is checked once, at the place where it is set. */
function checkDefaults(engine: Engine, defaults: Draft<CallDefaults>): CallDefaults {
  if (defaults.model !== undefined) {
    // Looked up by every call: as the object that is known, not as a text to be found anew.
    defaults.model = parseRef(defaults.model)
    providerNamed(engine.providers, defaults.model.provider)
  }
  compileRules(defaults.fallbacks, engine.providers)
  timersFor(defaults.timeout, true)
  checkScalars(defaults)
  checkOptIns(defaults, engine.providers)
  return defaults
}
