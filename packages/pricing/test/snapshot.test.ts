import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { listingOf } from '../src/listing.ts'
import { ListLibrary } from '../src/library.ts'
import { snapshot } from '../src/snapshot.ts'
import { entryOf } from '../src/unpack.ts'

test('every bundled row is a list of prices that can be right, under its own id', () => {
  const library = new ListLibrary(snapshot)
  for (const vendor of snapshot.vendors) {
    for (const model of vendor.models) {
      const { id, prefixes = [], ...entry } = entryOf(model, vendor)
      expect(library.find('anybody', vendor.names[0], id)?.listing.id).toBe(id)
      expect(listingOf({ id, ...entry }).cards.length).toBeGreaterThan(0)
      expect(prefixes.filter((prefix) => prefix.length < 4)).toEqual([])
    }
  }
})

test('no two rows of a vendor claim the same name', () => {
  for (const vendor of snapshot.vendors) {
    const names = vendor.models.flatMap(([ids]) => [...new Set(ids.split(' ').map((id) => id.replace('*', '')))])
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([])
  }
})

test('the bundled list stays small', () => {
  const file = readFileSync(new URL('../src/snapshot.ts', import.meta.url))
  expect(file.length).toBeLessThan(25_000)
  expect(gzipSync(file).length).toBeLessThan(6_000)
})
