import { gunzipSync } from 'node:zlib'

const BLOCK = 512

/** The paths of the files in a gzipped tarball, without the leading `package/`. */
export function tarballFiles(bytes: Uint8Array): readonly string[] {
  const tar = gunzipSync(bytes)
  const paths: string[] = []
  let longName: string | undefined
  for (let at = 0; at + BLOCK <= tar.length && tar[at] !== 0;) {
    const size = Number.parseInt(field(tar, at + 124, 12), 8)
    const type = field(tar, at + 156, 1)
    const body = tar.subarray(at + BLOCK, at + BLOCK + size).toString()
    // A name of more than 100 characters stands in a record of its own before the file.
    if (type === 'x') longName = /\d+ path=([^\n]*)\n/.exec(body)?.[1]
    else {
      const prefix = field(tar, at + 345, 155)
      const path = longName ?? [prefix, field(tar, at, 100)].filter((part) => part !== '').join('/')
      longName = undefined
      if (type === '0' || type === '') paths.push(path.replace(/^package\//, ''))
    }
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK
  }
  return paths
}

function field(tar: Buffer, at: number, length: number): string {
  return tar.toString('utf8', at, at + length).replace(/\0[\s\S]*$/, '')
}

const allowed: readonly RegExp[] = [
  /^(?:package\.json|README\.md|LICENSE|NOTICE|CHANGELOG\.md)$/,
  /^src\/.+\.(?:ts|cjs)$/,
  /^dist\/.+\.(?:js|cjs|js\.map|d\.ts|d\.ts\.map)$/,
]

/** What a tarball holds but should not, or lacks. */
export function contentProblems(paths: readonly string[]): readonly string[] {
  const strange = paths.filter((path) => !allowed.some((pattern) => pattern.test(path)))
  const lost = ['package.json', 'README.md', 'LICENSE'].filter((path) => !paths.includes(path))
  const bare = paths
    .filter((path) => /^src\/.+\.ts$/.test(path) && !path.endsWith('.d.ts'))
    .map((path) => path.replace(/^src\//, 'dist/').replace(/\.ts$/, '.d.ts'))
    .filter((path) => !paths.includes(path))
  return [
    ...strange.map((path) => `${path} does not belong into a package: see "files"`),
    ...lost.map((path) => `${path} is missing`),
    ...bare.map((path) => `${path} is missing, although its source is there: run \`pnpm build\``),
  ]
}
