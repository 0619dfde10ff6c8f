import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { budgets } from './sizes/budgets.ts'
import { bundleBytes, importMs } from './sizes/measure.ts'
import { layOut } from './workspace/lay-out.ts'
import { readWorkspace, root } from './workspace/read.ts'

const folder = join(root, 'node_modules/.cache/sizes')
layOut(folder, root, readWorkspace(), new Map())

console.log('minified and gzipped                                bytes    budget')
for (const budget of budgets) {
  const bytes = await bundleBytes(budget, folder)
  const over = bytes > budget.maxBytes
  console.log(`${budget.title.padEnd(46)}${row(bytes)}${row(budget.maxBytes)}${over ? '  OVER' : ''}`)
  if (over) process.exitCode = 1
}
if (process.exitCode === 1) {
  console.log(
    'over budget: take something out, or raise the figure in packages/tools/src/sizes/budgets.ts with a reason',
  )
}
// The time depends on the machine: it is shown, not judged.
if (existsSync(join(root, 'packages/llm/dist/index.js'))) {
  console.log(`import of @wayfare/llm, median of 7: ${(await importMs('@wayfare/llm', folder)).toFixed(1)} ms`)
} else console.log('import of @wayfare/llm: not measured, as it is not built; run `pnpm build`')

function row(figure: number): string {
  return figure.toLocaleString('en').padStart(10)
}
