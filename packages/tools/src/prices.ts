import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { clouds } from '../../pricing/src/clouds.ts'
import { snapshot } from '../../pricing/src/snapshot.ts'
import { diffPrices } from './prices/diff.ts'
import { mergeVendors, type Section } from './prices/merge.ts'
import { renderList } from './prices/render.ts'

const { values } = parseArgs({ options: { force: { type: 'boolean', default: false }, date: { type: 'string' } } })
const manifest = new URL('../node_modules/@pydantic/genai-prices/package.json', import.meta.url)
// The manifest of an installed package has a version.
const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }
const source = `@pydantic/genai-prices ${version}`
const date = values.date ?? new Date().toISOString().slice(0, 10)
const folder = new URL('../../pricing/', import.meta.url)

const lists = (
  [
    ['snapshot', 'vendors', snapshot],
    ['clouds', 'clouds', clouds],
  ] as const
).map(([name, section, before]) => refreshed(name, section, before.vendors))
const doubts = lists.flatMap((list) => list.doubts)
if (doubts.length > 0 && !values.force) {
  console.error(`not written: ${doubts.join('; ')}. Check the vendor's page, then run again with --force.`)
  process.exitCode = 1
} else {
  for (const { file, text, models } of lists) {
    writeFileSync(new URL(file, folder), text)
    console.log(`packages/pricing/${file}: ${models} models, ${text.length} bytes`)
  }
}

function refreshed(name: string, section: Section, before: typeof snapshot.vendors) {
  const vendors = mergeVendors(new URL('overrides.json', folder), section)
  const { lines, doubts: found } = diffPrices(before, vendors)
  console.log(lines.length === 0 ? `${name}: no price changed` : lines.join('\n'))
  const models = vendors.reduce((sum, vendor) => sum + vendor.models.length, 0)
  return { file: `src/${name}.ts`, text: renderList(name, { source, date, vendors }), models, doubts: found }
}
