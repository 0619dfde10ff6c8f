import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { budgets } from './sizes/budgets.ts'
import { importRatio, maxImportRatio } from './sizes/import-cost.ts'
import { bundleBytes } from './sizes/measure.ts'
import { withSizes } from './sizes/readme.ts'
import { layOut } from './workspace/lay-out.ts'
import { published, readWorkspace, root } from './workspace/read.ts'

const usage = `pnpm sizes [--write]
Holds what a user bundles and imports to its budgets, and the sizes in the README to the truth. --write puts them there.`

const { values } = parseArgs({
  options: { write: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
})
const packages = readWorkspace()
const folder = join(root, 'node_modules/.cache/sizes')

if (values.help) console.log(usage)
else {
  layOut(folder, root, packages, new Map())
  await checkBundles()
  await checkReadme()
  await checkImport()
}

async function checkBundles(): Promise<void> {
  console.log('minified and gzipped                                bytes    budget')
  for (const budget of budgets) {
    const bytes = await bundleBytes(budget, folder)
    const figures = [bytes, budget.maxBytes].map((figure) => figure.toLocaleString('en').padStart(10)).join('')
    console.log(`${budget.title.padEnd(46)}${figures}`)
    if (bytes > budget.maxBytes)
      fail('over budget: take something out, or raise it in packages/tools/src/sizes/budgets.ts with a reason')
  }
}

async function checkReadme(): Promise<void> {
  const sizes = new Map<string, number>()
  for (const { manifest } of published(packages)) {
    const { name, dependencies = {}, peerDependencies = {} } = manifest
    const without = Object.keys({ ...dependencies, ...peerDependencies })
    sizes.set(name, await bundleBytes({ code: `export * from '${name}'`, without }, folder))
  }
  const file = join(root, 'README.md')
  const readme = readFileSync(file, 'utf8')
  const made = withSizes(readme, sizes)
  if (made === readme) return
  if (values.write) writeFileSync(file, made)
  else fail('the sizes in README.md are not those of the packages; run pnpm sizes --write')
}

async function checkImport(): Promise<void> {
  const title = 'import of llm and one provider, in that of undici'
  if (!existsSync(join(root, 'packages/llm/dist/index.js'))) {
    console.log(`${title}: not measured, as nothing is built; run pnpm build`)
    return
  }
  const ratio = await importRatio(['@wayfare/llm', '@wayfare/openai-compatible'], folder)
  console.log(`${title}: ${ratio.toFixed(2)}, at most ${maxImportRatio}`)
  if (ratio > maxImportRatio) fail('the import takes too long: see what it loads, and what runs while it is loaded')
}

function fail(problem: string): void {
  console.log(`    ${problem}`)
  process.exitCode = 1
}
