import { isDeepStrictEqual } from 'node:util'
import { bins, type Manifest, type Package } from '../workspace/read.ts'
import type { Finding, House } from './house.ts'

const same: Partial<Manifest> = {
  license: 'MIT',
  type: 'module',
  sideEffects: false,
  engines: { node: '>=20.19.0' },
}

const files: readonly string[] = ['dist', 'src', '!dist/.tsbuildinfo']

const installScripts: readonly string[] = ['preinstall', 'install', 'postinstall', 'prepare', 'prepublish']

/** Published packages are described alike, and what npm shows is what the repository means. */
export function manifests({ packages, exists }: House): readonly Finding[] {
  return packages.flatMap((pkg) => {
    const problems = pkg.manifest.private === true ? unpublished(pkg) : [...fields(pkg), ...doors(pkg, exists)]
    return problems.map((message) => ({ path: `${pkg.dir}/package.json`, message }))
  })
}

function unpublished({ manifest }: Package): readonly string[] {
  return manifest.type === 'module' ? [] : ['"type" must be "module": add it']
}

function fields({ manifest, folder }: Package): readonly string[] {
  const wrong = Object.entries(same)
    .filter(([key, value]) => !isDeepStrictEqual(manifest[key as keyof Manifest], value)) // keys of a Partial<Manifest>
    .map(([key, value]) => `"${key}" must be ${JSON.stringify(value)}, as in every package`)
  const scripts = installScripts
    .filter((name) => manifest.scripts?.[name] !== undefined)
    .map((name) => `the script "${name}" runs on the user's machine: remove it`)
  const ranges = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).flatMap(([name, range]) => {
    if (name.startsWith('@wayfare/')) return range === 'workspace:^' ? [] : [`${name} must be "workspace:^"`]
    return /^(?:catalog:|\^?\d)/.test(range) ? [] : [`${name} must be "catalog:" or a plain version, not "${range}"`]
  })
  return [
    ...wrong,
    ...scripts,
    ...ranges,
    ...need(
      isDeepStrictEqual(
        manifest.files?.filter((entry) => entry !== 'NOTICE'),
        files,
      ),
      `"files" must be ${JSON.stringify(files)}, with "NOTICE" where others' data is shipped`,
    ),
    ...need(manifest.name === `@wayfare/${folder}`, `"name" must be "@wayfare/${folder}", as the folder`),
    ...need(/^\d+\.\d+\.\d+/.test(manifest.version ?? ''), '"version" is missing: begin with "1.0.0"'),
    ...need((manifest.description ?? '') !== '', '"description" is missing: say in one line what it is'),
    ...need(manifest.publishConfig?.access === 'public', '"publishConfig.access" must be "public"'),
  ]
}

function doors(pkg: Package, exists: House['exists']): readonly string[] {
  const { manifest, dir } = pkg
  const exports = Object.entries(manifest.exports ?? {})
  const lost = exports.flatMap(([door, target]) => {
    const file = typeof target === 'string' ? target : target['@wayfare/source']
    if (file === undefined) return [`exports["${door}"] needs "@wayfare/source", the file under src`]
    return exists(`${dir}/${file.replace(/^\.\//, '')}`)
      ? []
      : [`exports["${door}"] names ${file}, which does not exist`]
  })
  const packed = Object.fromEntries(exports.map(([door, target]) => [door, withoutSource(target)]))
  const agree = isDeepStrictEqual(manifest.publishConfig?.exports, packed)
  const programs = bins(pkg).flatMap(({ name, source }) =>
    need(exists(`${dir}/${source}`), `bin "${name}" needs ${source}, from which it is built`),
  )
  return [
    ...lost,
    ...programs,
    ...need(exports.length > 0, '"exports" is missing'),
    ...need(agree, '"publishConfig.exports" must be "exports" without "@wayfare/source"'),
    ...need(exists(`${dir}/README.md`), 'README.md is missing: one line what it is, then a snippet that runs'),
  ]
}

function withoutSource(target: string | Readonly<Record<string, string>>): unknown {
  if (typeof target === 'string') return target
  return Object.fromEntries(Object.entries(target).filter(([condition]) => condition !== '@wayfare/source'))
}

function need(met: boolean, message: string): readonly string[] {
  return met ? [] : [message]
}
