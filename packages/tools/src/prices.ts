import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { snapshot } from '../../pricing/src/snapshot.ts'
import { diffPrices } from './prices/diff.ts'
import { mergeVendors } from './prices/merge.ts'
import { renderSnapshot } from './prices/render.ts'

const { values } = parseArgs({ options: { force: { type: 'boolean', default: false }, date: { type: 'string' } } })
const manifest = new URL('../node_modules/@pydantic/genai-prices/package.json', import.meta.url)
// The manifest of an installed package has a version.
const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }
const vendors = mergeVendors(new URL('../../pricing/overrides.json', import.meta.url))
const { lines, doubts } = diffPrices(snapshot.vendors, vendors)
const text = renderSnapshot({
  source: `@pydantic/genai-prices ${version}`,
  date: values.date ?? new Date().toISOString().slice(0, 10),
  vendors,
})

console.log(lines.length === 0 ? 'no price changed' : lines.join('\n'))
if (doubts.length > 0 && !values.force) {
  console.error(`not written: ${doubts.join('; ')}. Check the vendor's page, then run again with --force.`)
  process.exitCode = 1
} else {
  writeFileSync(new URL('../../pricing/src/snapshot.ts', import.meta.url), text)
  const models = vendors.reduce((sum, vendor) => sum + vendor.models.length, 0)
  console.log(`packages/pricing/src/snapshot.ts: ${models} models, ${text.length} bytes`)
}
