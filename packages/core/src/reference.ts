import type { ModelRef, ModelTarget } from './contract/model.ts'
import type { Provider } from './contract/provider.ts'
import { LLMError } from './error.ts'
import { nearest } from './nearest.ts'

/** Splits `provider/id` at the first slash. */
export function parseRef(ref: ModelRef): ModelTarget {
  if (typeof ref === 'object' && ref !== null) {
    if (typeof ref.provider === 'string' && typeof ref.model === 'string' && ref.provider !== '' && ref.model !== '') {
      return { provider: ref.provider, model: ref.model }
    }
    throw new LLMError('config', 'a model target needs { provider, model }, both non-empty strings')
  }
  const slash = typeof ref === 'string' ? ref.indexOf('/') : -1
  if (slash < 1 || slash === ref.length - 1) {
    throw new LLMError(
      'config',
      `${JSON.stringify(ref)} is not a model reference; write provider/model, such as "openai/gpt-5.4"`,
    )
  }
  return { provider: ref.slice(0, slash), model: ref.slice(slash + 1) }
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
  return `${target.provider}/${target.model}`
}
