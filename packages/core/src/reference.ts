import type { ModelRef, ModelTarget } from './contract/model.ts'
import type { Provider } from './contract/provider.ts'
import { LLMError } from './error.ts'
import { nearest } from './nearest.ts'

/** Model ids may come from users, without end. */
const mostKnown = 1_000
// The same few targets are named again and again, and their keys looked up many times in each call.
const known = new Map<string, ModelTarget>()
const keys = new WeakMap<ModelTarget, string>()

/** Splits `provider/id` at the first slash. The same target is the same object, which is frozen. */
export function parseRef(ref: ModelRef): ModelTarget {
  if (typeof ref !== 'object' || ref === null) return known.get(ref) ?? parsed(ref)
  if (keys.has(ref)) return ref
  if (typeof ref.provider === 'string' && typeof ref.model === 'string' && ref.provider !== '' && ref.model !== '') {
    const target = { provider: ref.provider, model: ref.model }
    // No provider has such a name, and as a string it would be another target.
    if (target.provider.includes('/')) return target
    const key = keyOf(target)
    return known.get(key) ?? remember(key, target)
  }
  throw new LLMError('config', 'a model target needs { provider, model }, both non-empty strings')
}

function parsed(ref: string | null): ModelTarget {
  const slash = typeof ref === 'string' ? ref.indexOf('/') : -1
  if (ref === null || slash < 1 || slash === ref.length - 1) {
    throw new LLMError(
      'config',
      `${JSON.stringify(ref)} is not a model reference; write provider/model, such as "openai/gpt-5.4"`,
    )
  }
  return remember(ref, { provider: ref.slice(0, slash), model: ref.slice(slash + 1) })
}

function remember(key: string, target: ModelTarget): ModelTarget {
  if (known.size >= mostKnown) known.clear()
  known.set(key, Object.freeze(target))
  keys.set(target, key)
  return target
}

/** The registered provider of that name, or a `config` error that says which ones there are. */
export function providerNamed(providers: ReadonlyMap<string, Provider>, name: string): Provider {
  const provider = providers.get(name)
  if (provider !== undefined) return provider
  const registered = [...providers.keys()].toSorted()
  const meant = nearest(name, registered)
  const hint = meant === undefined ? '' : ` (did you mean "${meant}"?)`
  throw new LLMError(
    'config',
    `no provider "${name}" is registered${hint}; registered: ${registered.join(', ') || 'none'}`,
  )
}

/** One string per target, for maps and sets. */
export function keyOf(target: ModelTarget): string {
  return keys.get(target) ?? `${target.provider}/${target.model}`
}
