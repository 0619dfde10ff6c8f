import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { differences } from '../src/pack/prints.ts'
import { contentProblems, tarballFiles } from '../src/pack/tarball.ts'

/** A tar record: the header that matters and a body. */
function record(path: string, body: string, type = '0'): Buffer {
  const header = Buffer.alloc(512)
  header.write(path, 0)
  header.write(Buffer.byteLength(body).toString(8).padStart(11, '0'), 124)
  header.write(type, 156)
  const padded = Buffer.alloc(Math.ceil(Buffer.byteLength(body) / 512) * 512)
  padded.write(body)
  return Buffer.concat([header, padded])
}

test('the files of a tarball are listed, those with long names too', () => {
  const long = `package/src/${'deep/'.repeat(30)}a.ts`
  const tar = Buffer.concat([
    record('package/package.json', 'x'.repeat(700)),
    record('PaxHeader', `${long.length + 10} path=${long}\n`, 'x'),
    record('package/src/cut', ''),
    record('package/README.md', ''),
    Buffer.alloc(1024),
  ])
  expect(tarballFiles(gzipSync(tar))).toEqual(['package.json', long.slice('package/'.length), 'README.md'])
})

const whole = [
  'package.json',
  'README.md',
  'LICENSE',
  'src/a.ts',
  'dist/a.d.ts',
  'dist/a.d.ts.map',
  'dist/index.js',
  'src/c.cjs',
  'dist/c.cjs',
]

test('a whole package has no problems', () => {
  expect(contentProblems(whole)).toEqual([])
})

test.each([
  ['a test', [...whole, 'test/a.test.ts'], /test\/a\.test\.ts does not belong/],
  ['a build record', [...whole, 'dist/.tsbuildinfo'], /\.tsbuildinfo does not belong/],
  ['a secret', [...whole, '.env'], /\.env does not belong/],
  ['no licence', whole.filter((path) => path !== 'LICENSE'), /LICENSE is missing/],
  ['a source without its types', [...whole, 'src/b.ts'], /dist\/b\.d\.ts is missing/],
])('%s is a problem', (_, paths, problem) => {
  expect(contentProblems(paths)).toEqual([expect.stringMatching(problem)])
})

test('two builds differ where a file changed, came or went', () => {
  const one = new Map([
    ['a', '1'],
    ['b', '2'],
    ['c', '3'],
  ])
  const other = new Map([
    ['a', '1'],
    ['b', '9'],
    ['d', '4'],
  ])
  expect(differences(one, other)).toEqual(['b', 'c', 'd'])
  expect(differences(one, one)).toEqual([])
})
