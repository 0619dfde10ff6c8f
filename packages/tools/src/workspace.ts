import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { layout } from './workspace/layout.ts'
import { readWorkspace, root } from './workspace/read.ts'

const usage = `pnpm workspace [--check]
Writes the build configurations that are derived from the package.json files.
  --check  writes nothing; names what is stale and exits with 1`

const { values } = parseArgs({ options: { check: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } })

if (values.help) {
  console.log(usage)
} else {
  const files = layout(readWorkspace(), root)
  const stale = files.filter(({ path, text }) => read(path) !== text)
  for (const { path, text } of stale) {
    if (!values.check) writeFileSync(join(root, path), text)
    console.log(`${values.check ? 'stale' : 'written'}: ${path}`)
  }
  if (stale.length === 0) console.log(`${files.length} derived files are up to date`)
  else if (values.check) {
    console.log('run `pnpm workspace` and commit what it writes')
    process.exitCode = 1
  }
}

function read(path: string): string | undefined {
  const file = join(root, path)
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}
