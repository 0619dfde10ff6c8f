import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { child } from './child.ts'
import { providerName } from './new-provider/name.ts'
import { record, type Factory } from './record/session.ts'
import { source } from './record/source.ts'
import { readWorkspace, root } from './workspace/read.ts'

const usage = `pnpm record <provider> --model <id> [--base-url <url>]
Asks the real vendor eight short questions, with the key in the environment, and writes its answers to
packages/<provider>/test/samples/recorded.ts: samples for the conformance suite, without the key and ids of the account.
Read the file before you commit it. The questions cost a fraction of a cent.`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { model: { type: 'string' }, 'base-url': { type: 'string' }, help: { type: 'boolean', short: 'h' } },
})
const [wanted] = positionals
const { model, 'base-url': baseURL } = values

if (values.help) console.log(usage)
else if (wanted === undefined || model === undefined) fail(usage)
else await main(wanted, model)

async function main(wanted: string, model: string): Promise<void> {
  const providers = readWorkspace().filter(({ manifest }) => manifest.wayfare?.provider === true)
  const pkg = providers.find(({ folder }) => folder === wanted)
  if (pkg === undefined)
    return fail(`there is no provider "${wanted}"; there are ${providers.map(({ folder }) => folder).join(', ')}`)
  const [variable = ''] = pkg.manifest.wayfare?.env ?? []
  const isKey = variable.endsWith('_KEY')
  const apiKey = process.env[variable] ?? ''
  if (isKey && apiKey === '') return fail(`set ${variable} to a key of yours`)
  const entry: Record<string, unknown> = (await import(join(root, pkg.dir, 'src/index.ts'))) as Record<string, unknown>
  const factory = entry[providerName(wanted, []).camel]
  if (typeof factory !== 'function') return fail(`${pkg.dir}/src/index.ts does not export ${wanted}()`)
  const samples = await record({
    factory: factory as Factory, // every provider takes VendorOptions
    apiKey: isKey ? apiKey : 'none-needed',
    baseURL,
    model,
    tell: console.log,
  })
  const folder = join(root, pkg.dir, 'test/samples')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'recorded.ts'), source(samples, wanted, model))
  await child('pnpm', ['exec', 'oxfmt', `${pkg.dir}/test/samples`], { cwd: root })
  console.log(
    `\nwritten: ${pkg.dir}/test/samples/recorded.ts\nPut \`...recorded\` into the answers of its samples, and run npx pnpm vitest ${pkg.dir}`,
  )
}

function fail(message: string): void {
  console.error(message)
  process.exitCode = 2
}
