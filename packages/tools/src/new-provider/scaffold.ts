import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { ProviderName } from './name.ts'

/** A provider speaks a wire of its own, or a dialect of OpenAI's. */
export type ProviderKind = 'wire' | 'dialect'

const templates: URL = new URL('../../templates/', import.meta.url)

/** All files of a new provider, by their path below the root. */
export function scaffold(name: ProviderName, kind: ProviderKind): ReadonlyMap<string, string> {
  const dir = `packages/${name.kebab}`
  const folder = new URL(`${kind}/`, templates)
  const copied = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(new URL(path, folder)).isFile())
    .map(
      (path) =>
        [join(dir, path).replaceAll('\\', '/'), named(readFileSync(new URL(path, folder), 'utf8'), name)] as const,
    )
  return new Map([
    ...copied,
    [`${dir}/package.json`, manifest(name, kind)],
    [`.changeset/${name.kebab}-first.md`, changeset(name)],
  ])
}

/** The templates are written for a vendor called Acme Vendor. */
function named(text: string, name: ProviderName): string {
  return text
    .replaceAll('acme-vendor', name.kebab)
    .replaceAll('acmeVendor', name.camel)
    .replaceAll('AcmeVendor', name.pascal)
    .replaceAll('ACME_VENDOR', name.constant)
    .replaceAll('Acme Vendor', name.title)
}

function manifest({ kebab, constant, title }: ProviderName, kind: ProviderKind): string {
  const door = { types: './dist/index.d.ts', default: './dist/index.js' }
  const own = ['core', ...(kind === 'dialect' ? ['openai-compatible'] : []), 'provider-kit']
  const fields = {
    name: `@wayfare/${kebab}`,
    version: '1.0.0',
    description: `${title} for Wayfare.`,
    license: 'MIT',
    files: ['dist', 'src', '!dist/.tsbuildinfo'],
    type: 'module',
    sideEffects: false,
    exports: { '.': { '@wayfare/source': './src/index.ts', ...door }, './package.json': './package.json' },
    publishConfig: { exports: { '.': door, './package.json': './package.json' }, access: 'public' },
    dependencies: Object.fromEntries(own.map((name) => [`@wayfare/${name}`, 'workspace:^'])),
    ...(kind === 'dialect' && { devDependencies: { '@wayfare/emulator': 'workspace:^' } }),
    engines: { node: '>=20.19.0' },
    wayfare: { provider: true, env: [`${constant}_API_KEY`] },
  }
  return `${JSON.stringify(fields, null, 2)}\n`
}

function changeset({ kebab, title }: ProviderName): string {
  return `---\n'@wayfare/${kebab}': minor\n---\n\n${title}, as a provider.\n`
}
