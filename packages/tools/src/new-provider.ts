import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { child } from './child.ts'
import { providerName, type ProviderName } from './new-provider/name.ts'
import { scaffold, type ProviderKind } from './new-provider/scaffold.ts'
import { readWorkspace, root } from './workspace/read.ts'

const usage = `pnpm new:provider <name> [--dialect]
Makes packages/<name>, a provider whose tests are green at once, for you to change into the real one.
  <name>     lower-case letters, digits and hyphens: big-model
  --dialect  the vendor speaks OpenAI's chat completions; without it, a wire of its own`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { dialect: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
})
const [wanted, ...rest] = positionals

if (values.help) console.log(usage)
else if (wanted === undefined || rest.length > 0) {
  console.error(usage)
  process.exitCode = 2
} else await make(wanted, values.dialect ? 'dialect' : 'wire')

async function make(wanted: string, kind: ProviderKind): Promise<void> {
  const taken = readWorkspace().map(({ folder }) => folder)
  let name: ProviderName
  try {
    name = providerName(wanted, taken)
  } catch (error) {
    console.error((error as Error).message) // providerName throws nothing else
    process.exitCode = 2
    return
  }
  for (const [path, text] of scaffold(name, kind)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
    console.log(`written: ${path}`)
  }
  const dir = `packages/${name.kebab}`
  for (const command of [['install', '--no-frozen-lockfile'], ['exec', 'oxfmt', dir], ['workspace']]) {
    const { code, output } = await child('pnpm', command, { cwd: root })
    console.log(`${code === 0 ? 'ok' : 'FAILED'}: pnpm ${command.join(' ')}`)
    if (code === 0) continue
    console.error(output)
    process.exitCode = 1
    return
  }
  console.log(
    `\nNow: npx pnpm test ${dir}\nThen make it speak to the vendor, beginning with ${dir}/src/${kind === 'wire' ? 'wire' : 'dialect'}.ts.
With a key, npx pnpm record ${name.kebab} --model <id> shows what it sends; apps/docs/providers.md tells the rest.`,
  )
}
