import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, describe, expect, it } from 'vitest'
import { child } from '../src/child.ts'
import { root } from '../src/workspace/read.ts'

const folder = mkdtempSync(join(tmpdir(), 'wayfare-bundled-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('a program that was bundled', () => {
  it.each([
    ['into one file', false],
    ['into several files', true],
  ])('%s finds undici in it', async (_, splitting) => {
    const outdir = join(folder, String(splitting))
    await build({
      stdin: {
        contents: `
          import { loadUndici } from './packages/provider-kit/src/undici.ts'
          const { Client, buildConnector } = await loadUndici()
          console.log(typeof Client, typeof buildConnector)`,
        resolveDir: root,
      },
      bundle: true,
      splitting,
      format: 'esm',
      platform: 'node',
      conditions: ['@wayfare/source'],
      outdir,
      outExtension: { '.js': '.mjs' },
      // undici is CommonJS, and asks for parts of Node by `require`.
      banner: { js: `import { createRequire as r } from 'node:module'; const require = r(import.meta.url)` },
    })
    const { output } = await child(process.execPath, [join(outdir, 'stdin.mjs')], { cwd: outdir })
    expect(output).toBe('function function\n')
  })
})
