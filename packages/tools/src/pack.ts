import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { child, several, type ChildResult } from './child.ts'
import { writeConsumer, type Packed } from './pack/consumer.ts'
import { differences, fingerprints } from './pack/prints.ts'
import { outcome, report, type Outcome } from './pack/report.ts'
import { contentProblems, tarballFiles } from './pack/tarball.ts'
import { bins, published, readWorkspace, root } from './workspace/read.ts'

const usage = `pnpm pack:check [--keep]
Builds and packs every published package, checks the tarballs, installs them into an empty project, and there imports,
requires, calls and type-checks them.
  --keep  leaves the folder, and says where it is`

const OLDEST_TYPESCRIPT = '5.4'

const { values } = parseArgs({ options: { keep: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } })

if (values.help) console.log(usage)
else {
  const folder = mkdtempSync(join(tmpdir(), 'wayfare-pack-'))
  try {
    process.exitCode = (await main(folder)) ? 0 : 1
  } finally {
    if (values.keep) console.log(folder)
    else rmSync(folder, { recursive: true, force: true })
  }
}

async function main(folder: string): Promise<boolean> {
  if (!report(await build())) return false
  const packed = await pack(folder)
  if (packed === undefined) return false
  const tarballs = await several(packed, availableParallelism(), checkTarball)
  return report([...tarballs.flat(), ...(await checkConsumer(join(folder, 'consumer'), packed))])
}

/** Twice, the second time without the cache: who rebuilds a release from its sources gets the same bytes. */
async function build(): Promise<readonly Outcome[]> {
  const packages = published(readWorkspace())
  const built = await child('pnpm', ['build'], { cwd: root })
  if (built.code !== 0) return [outcome('build', built)]
  const first = fingerprints(root, packages)
  const again = await child('pnpm', ['build', '--force'], { cwd: root })
  const differ = differences(first, fingerprints(root, packages))
  return [
    outcome('build', built),
    outcome('build again', again),
    outcome('both builds are equal', { code: differ.length, output: differ.join('\n') }),
  ]
}

async function pack(folder: string): Promise<readonly Packed[] | undefined> {
  const packages = published(readWorkspace())
  const filters = packages.flatMap(({ manifest }) => ['--filter', manifest.name])
  const packing = await child('pnpm', ['-r', ...filters, 'pack', '--pack-destination', folder], { cwd: root })
  if (!report([outcome(`pack ${packages.length} packages`, packing)])) return undefined
  const files = readdirSync(folder)
  return packages.map((pkg) => {
    const name = `${pkg.manifest.name.slice(1).replace('/', '-')}-${pkg.manifest.version}.tgz`
    if (!files.includes(name)) throw new Error(`pnpm did not write ${name}; it wrote ${files.join(', ')}`)
    return { pkg, tarball: join(folder, name) }
  })
}

async function checkTarball({ pkg, tarball }: Packed): Promise<readonly Outcome[]> {
  const { name } = pkg.manifest
  const content = contentProblems(tarballFiles(readFileSync(tarball)))
  const publint = await child(bin('publint'), ['run', tarball, '--strict'], { cwd: root })
  const attw = await child(bin('attw'), [tarball, '--profile', 'esm-only', '--no-color', '--no-emoji'], { cwd: root })
  return [
    outcome(`${name}: content`, { code: content.length, output: content.join('\n') }),
    outcome(`${name}: publint`, publint),
    outcome(`${name}: attw`, attw),
  ]
}

async function checkConsumer(folder: string, packed: readonly Packed[]): Promise<readonly Outcome[]> {
  const nodeTypes = ownManifest().devDependencies?.['@types/node'] ?? '20'
  writeConsumer(folder, packed, { '@types/node': nodeTypes })
  const installed = await child('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts'], {
    cwd: folder,
  })
  if (installed.code !== 0) return [outcome('install the tarballs with npm', installed)]
  const node = (...args: string[]): Promise<ChildResult> => child(process.execPath, args, { cwd: folder })
  const tsx = join(root, 'node_modules/tsx/dist/cli.mjs')
  return [
    outcome('install the tarballs with npm', installed),
    outcome('import every door', await node('import.mjs')),
    outcome('require every door', await node('require.cjs')),
    ...(await several(
      packed.flatMap(({ pkg }) => bins(pkg)),
      1,
      async ({ name }) => {
        return outcome(
          `run ${name} --help`,
          await child(join(folder, 'node_modules/.bin', name), ['--help'], { cwd: folder }),
        )
      },
    )),
    outcome('call through the packed packages', await node(tsx, 'call.ts')),
    await types('types with the TypeScript of the repository', bin('tsc'), folder),
    await types('types of a call without those of Node', bin('tsc'), join(folder, 'bare')),
    await oldTypes(folder),
  ]
}

/** The types also serve users of an old compiler. */
async function oldTypes(folder: string): Promise<Outcome> {
  const title = `types with TypeScript ${OLDEST_TYPESCRIPT}`
  const spec = `typescript@${OLDEST_TYPESCRIPT}`
  const args = ['install', '--no-save', '--no-audit', '--no-fund', '--prefer-offline', spec]
  const installed = await child('npm', args, { cwd: folder })
  if (installed.code !== 0) {
    console.log(`SKIPPED ${title}: ${spec} cannot be had from the registry\n${installed.output}`)
    return { title: `${title} (skipped)` }
  }
  return types(title, join(folder, 'node_modules/.bin/tsc'), folder)
}

/** With the declarations of every package; what those of others get wrong is not ours to judge. */
async function types(title: string, tsc: string, folder: string): Promise<Outcome> {
  const { code, output } = await child(tsc, ['-p', folder, '--pretty', 'false'], { cwd: folder })
  const ours = output
    .split('\n')
    .filter((line) => /^(?:(?:\.\.\/)?(?:node_modules\/@wayfare\/|[\w-]+\.ts\()|error)/.test(line))
  const started = code === 0 || /error TS/.test(output)
  return outcome(title, started ? { code: ours.length, output: ours.join('\n') } : { code, output })
}

function ownManifest(): { readonly devDependencies?: Readonly<Record<string, string>> } {
  // The manifest of the root is ours.
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { devDependencies?: Record<string, string> }
}

function bin(name: string): string {
  return join(root, 'node_modules/.bin', name)
}
