import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { LLMError } from '@wayfare/core'
import type { Provider } from '@wayfare/core'
import { entryOf } from './entry.ts'
import type { FoundPackage } from './entry.ts'
import { readManifest } from './manifest.ts'

export interface InstalledProvider {
  /** The package. */
  readonly name: string
  /** Variables of which one must be set. */
  readonly env: readonly string[]
  /** Makes the provider; without options it reads the environment of the process. Rejects with `config`, naming the package. */
  load(options?: FactoryOptions): Promise<Provider>
}

/** What the factory of a provider package may be called with. */
export interface FactoryOptions {
  readonly apiKey?: () => string
}

export interface InstalledProviders {
  readonly ready: readonly InstalledProvider[]
  /** Installed, but none of their variables is set. */
  readonly lacking: readonly InstalledProvider[]
}

/** The providers among the dependencies of the nearest package.json, resolved from there. */
export async function installedProviders(
  from: string,
  env: { readonly [name: string]: string | undefined },
): Promise<InstalledProviders> {
  if (typeof from !== 'string') throw new LLMError('config', 'from is not a text; pass a folder of your project')
  const root = nearestManifest(resolve(from))
  if (root === undefined)
    throw new LLMError('config', 'there is no package.json here or above; pass from: a folder of your project')
  const { dependencies } = readManifest(await readFile(root, 'utf8'), root)
  const found = await Promise.all(dependencies.map((name) => describe(name, root)))
  const providers = found.filter((provider) => provider !== undefined)
  const isReady = (provider: InstalledProvider): boolean => provider.env.some((name) => (env[name] ?? '').trim() !== '')
  return { ready: providers.filter(isReady), lacking: providers.filter((provider) => !isReady(provider)) }
}

function nearestManifest(from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const file = join(folder, 'package.json')
    if (existsSync(file)) return file
    if (dirname(folder) === folder) return undefined
  }
}

async function describe(name: string, root: string): Promise<InstalledProvider | undefined> {
  const file = manifestOf(name, root)
  if (file === undefined) return undefined
  const { provider, exports } = readManifest(await readFile(file, 'utf8'), file)
  if (provider === undefined) return undefined
  const found = { name, folder: dirname(file), exports }
  return { name, env: provider.env, load: (options) => load(found, options) }
}

/** Found by folder, because not every package exports its package.json. */
function manifestOf(name: string, root: string): string | undefined {
  for (let folder = dirname(root); ; folder = dirname(folder)) {
    const file = join(folder, 'node_modules', name, 'package.json')
    if (existsSync(file)) return file
    if (dirname(folder) === folder) return undefined
  }
}

async function load(found: FoundPackage, options: FactoryOptions = {}): Promise<Provider> {
  const { name } = found
  const module = await imported(name, pathToFileURL(entryOf(found)).href)
  const factory = module[factoryName(name)]
  if (typeof factory !== 'function') {
    throw new LLMError('config', `${name} calls itself a provider but does not export ${factoryName(name)}()`)
  }
  try {
    return factory(options) as Provider // what the name promises; the router checks it when it registers it
  } catch (error) {
    if (LLMError.is(error)) throw error
    throw new LLMError('config', `${factoryName(name)}() of ${name} failed; see the cause`, { cause: error })
  }
}

async function imported(name: string, url: string): Promise<Record<string, unknown>> {
  try {
    return (await import(url)) as Record<string, unknown>
  } catch (error) {
    throw new LLMError('config', `${name} cannot be loaded; see the cause`, { cause: error })
  }
}

/** `@wayfare/openai` exports `openai`; `@acme/big-model` exports `bigModel`. */
function factoryName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1).replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
}
