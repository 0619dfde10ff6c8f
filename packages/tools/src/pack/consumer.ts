import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Package } from '../workspace/read.ts'

export interface Packed {
  readonly pkg: Package
  /** The absolute path of the tarball. */
  readonly tarball: string
}

/** Every way into the packages: `@wayfare/core`, `@wayfare/provider-kit/testing`. */
function doorsOf({ manifest }: Package): readonly string[] {
  return Object.entries(manifest.exports ?? {})
    .filter(([, target]) => typeof target === 'object')
    .map(([door]) => manifest.name + door.slice(1))
}

/** A user's project that depends on the tarballs; whatever they need of each other comes from the tarballs, too. */
export function writeConsumer(folder: string, all: readonly Packed[], extra: Readonly<Record<string, string>>): void {
  const own = Object.fromEntries(all.map(({ pkg, tarball }) => [pkg.manifest.name, `file:${tarball}`]))
  const overrides = Object.fromEntries(Object.keys(own).map((name) => [name, `$${name}`]))
  const manifest = { private: true, type: 'module', dependencies: { ...own, ...extra }, overrides }
  const doors = all.flatMap(({ pkg }) => doorsOf(pkg))
  const files: Readonly<Record<string, string>> = {
    'package.json': JSON.stringify(manifest, null, 2),
    'import.mjs': doors.map((door, index) => `import * as m${index} from '${door}'`).join('\n') + use(doors),
    'require.cjs': doors.map((door, index) => `const m${index} = require('${door}')`).join('\n') + use(doors),
    'call.ts': call,
    'doors.ts': doors.map((door, index) => `export * as m${index} from '${door}'`).join('\n'),
    'tsconfig.json': JSON.stringify({
      compilerOptions: {
        target: 'ES2022',
        module: 'NodeNext',
        strict: true,
        exactOptionalPropertyTypes: true,
        noEmit: true,
        types: ['node'],
      },
      include: ['*.ts'],
    }),
    // Whoever does not write for Node alone may have neither its types nor those of disposal.
    'bare/tsconfig.json': JSON.stringify({
      extends: '../tsconfig.json',
      compilerOptions: { lib: ['ES2022', 'DOM'], types: [] },
      include: ['../call.ts'],
    }),
  }
  mkdirSync(join(folder, 'bare'), { recursive: true })
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
}

/** A door through which nothing comes is a build that went wrong. */
function use(doors: readonly string[]): string {
  const list = doors.map((door, index) => `['${door}', m${index}]`).join(', ')
  return `
for (const [door, exports] of [${list}]) {
  if (Object.keys(exports).length === 0) throw new Error(door + ' exports nothing')
}
`
}

/** The smallest program of a user, typed and run. */
const call = `import { LLMError } from '@wayfare/core'
import { startEmulator } from '@wayfare/emulator'
import { createLLM } from '@wayfare/llm'
import { ollama } from '@wayfare/ollama'

const emulator = await startEmulator()
emulator.enqueue('ollama', { text: 'Packed and well.' })
const llm = createLLM({ providers: [ollama({ baseURL: emulator.baseURL('ollama') })], model: 'ollama/qwen3:8b' })
const answer = await llm.complete({ messages: 'How are you?' })
const text: string = answer.text
if (text !== 'Packed and well.') throw new Error('the answer was: ' + text)
const failure: unknown = await llm.complete({ model: 'nobody/x', messages: '' }).catch((error: unknown) => error)
if (!LLMError.is(failure) || !(failure instanceof LLMError)) throw new Error('core was installed twice')
await emulator.close()
`
