import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { LLMError } from '@wayfare/core'
import type { Provider } from '@wayfare/core'
import { readManifest } from './manifest.ts'

export interface InstalledProvider {
  /** The package. */
  readonly name: string
  /** Variables of which one must be set. */
  readonly env: readonly string[]
  load(): Promise<Provider>
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
  const root = nearestManifest(from)
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
  const { provider } = readManifest(await readFile(file, 'utf8'), file)
  if (provider === undefined) return undefined
  return { name, env: provider.env, load: () => load(name, root) }
}

/** Found by folder, because not every package exports its package.json. */
function manifestOf(name: string, root: string): string | undefined {
  for (let folder = dirname(root); ; folder = dirname(folder)) {
    const file = join(folder, 'node_modules', name, 'package.json')
    if (existsSync(file)) return file
    if (dirname(folder) === folder) return undefined
  }
}

async function load(name: string, root: string): Promise<Provider> {
  const entry = createRequire(root).resolve(name)
  const module = (await import(pathToFileURL(entry).href)) as Record<string, unknown>
  const factory = module[factoryName(name)]
  if (typeof factory !== 'function') {
    throw new LLMError('config', `${name} calls itself a provider but does not export ${factoryName(name)}()`)
  }
  return factory() as Provider // what the name promises; the router checks it when it registers it
}

/** `@wayfare/openai` exports `openai`; `@acme/big-model` exports `bigModel`. */
function factoryName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1).replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
}
