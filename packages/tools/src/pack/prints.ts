import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Package } from '../workspace/read.ts'

/** The fingerprint of every built file that is published, by its path. */
export function fingerprints(base: string, packages: readonly Package[]): ReadonlyMap<string, string> {
  const files = packages.flatMap(({ dir }) => {
    const dist = join(base, dir, 'dist')
    if (!existsSync(dist)) return []
    return readdirSync(dist, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(?:js|ts|map)$/.test(name))
      .map((name) => `${dir}/dist/${name}`)
  })
  return new Map(
    files.map((path) => [
      path,
      createHash('sha256')
        .update(readFileSync(join(base, path)))
        .digest('hex'),
    ]),
  )
}

/** Files that one of two builds lacks or has in another form. */
export function differences(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): readonly string[] {
  return [...new Set([...one.keys(), ...other.keys()])].filter((path) => one.get(path) !== other.get(path)).toSorted()
}
