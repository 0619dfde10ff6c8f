import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

const compilerOptions = {
  target: 'ES2022',
  lib: ['ES2023', 'ESNext.Disposable'],
  module: 'NodeNext',
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  types: ['node'],
}

/**
 * How many types the compiler of `root` makes from others to check a file, beside the packages in `folder`. Rejects when the file
 * has an error, or when what it imports is not installed.
 */
export async function instantiations(code: string, folder: string, root: string): Promise<number> {
  const project = join(folder, 'types')
  rmSync(project, { recursive: true, force: true })
  mkdirSync(join(project, 'node_modules'), { recursive: true })
  // One zod for all: that of the peers, where they are installed.
  for (const name of ['ai', 'zod']) {
    const peer = join(process.env['BENCH_PEERS'] ?? '', 'node_modules', name)
    if (existsSync(peer)) symlinkSync(peer, join(project, 'node_modules', name), 'junction')
  }
  const typeRoots = [join(root, 'node_modules/@types')]
  writeFileSync(
    join(project, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: { ...compilerOptions, typeRoots }, files: ['a.ts'] }),
  )
  writeFileSync(join(project, 'package.json'), '{"type":"module"}')
  writeFileSync(join(project, 'a.ts'), code)
  const compiler = join(root, 'node_modules/typescript/bin/tsc')
  const { stdout } = await run(process.execPath, [compiler, '-p', project, '--extendedDiagnostics'])
  return Number(/Instantiations:\s+(\d+)/.exec(stdout)?.[1])
}
