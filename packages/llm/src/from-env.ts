import { LLMError } from '@wayfare/core'
import type { ModelRef, Provider } from '@wayfare/core'
import { createLLM } from './create.ts'
import type { LLM, LLMOptions } from './create.ts'

export interface FromEnvOptions extends Partial<LLMOptions> {
  /** The folder whose nearest package.json is read. Default: the working folder. */
  readonly from?: string | undefined
  /**
   * Default `process.env`. Keys (`..._KEY`, `..._TOKEN`) are taken from here; anything else that a provider reads by itself,
   * such as the address of a local server, it reads from `process.env`.
   */
  readonly env?: { readonly [name: string]: string | undefined } | undefined
}

/**
 * Makes an `LLM` from what is installed: every dependency of the nearest package.json that calls itself a Wayfare provider
 * and whose key is in the environment. `WAYFARE_MODEL` names the default model, `WAYFARE_OPTIONS` holds further options as
 * JSON; what is passed here goes before both.
 *
 * Rejects with `config` when no provider is found, when none has a default model, or when a variable is malformed.
 */
export async function fromEnv(options: FromEnvOptions = {}): Promise<LLM> {
  const { from = process.cwd(), env, providers: given, ...rest } = options
  // Loaded when asked for: createLLM needs neither a file system nor a schema library.
  const { readEnvironment } = await import('./environment.ts')
  const settings = readEnvironment(env ?? process.env)
  const providers = given ?? (await loadAll(from, env))
  const model = rest.model ?? settings.model ?? settings.options.model ?? defaultOf(providers)
  try {
    return createLLM({ ...settings.options, ...rest, providers, model })
  } catch (error) {
    throw ofVariable(settings.options, providers) ?? error
  }
}

/** The error of `WAYFARE_OPTIONS`, if it is what cannot be right. */
function ofVariable(options: Partial<LLMOptions>, providers: readonly Provider[]): LLMError | undefined {
  if (Object.keys(options).length === 0) return undefined
  const { name = '' } = providers[0] ?? {}
  try {
    createLLM({ model: { provider: name, model: 'any' }, ...options, providers })
    return undefined
  } catch (error) {
    return LLMError.is(error)
      ? new LLMError('config', `WAYFARE_OPTIONS: ${error.message}`, { cause: error })
      : undefined
  }
}

async function loadAll(from: string, env: FromEnvOptions['env']): Promise<readonly Provider[]> {
  const { installedProviders } = await import('./installed.ts')
  const { ready, lacking } = await installedProviders(from, env ?? process.env)
  if (ready.length > 0) return Promise.all(ready.map((found) => found.load(keyFrom(env, found.env))))
  const missing = lacking.map(({ name, env: names }) => `${name} (set ${names.join(' or ')})`)
  throw new LLMError(
    'config',
    missing.length === 0
      ? 'no provider is installed; add one, such as @wayfare/openai, to your package.json'
      : `no key is set for the installed providers: ${missing.join(', ')}`,
  )
}

/** The key as the given environment has it at each request; a provider knows that of the process by itself. */
function keyFrom(env: FromEnvOptions['env'], names: readonly string[]): { readonly apiKey?: () => string } {
  const name = names.find((candidate) => /_(?:KEY|TOKEN)$/.test(candidate) && (env?.[candidate] ?? '').trim() !== '')
  return env === undefined || name === undefined ? {} : { apiKey: () => env[name] ?? '' }
}

function defaultOf(providers: readonly Provider[]): ModelRef {
  for (const { name, defaultModel } of providers) {
    if (defaultModel !== undefined) return { provider: name, model: defaultModel }
  }
  throw new LLMError('config', 'no default model is known; pass model or set WAYFARE_MODEL, such as "openai/gpt-5.4"')
}
