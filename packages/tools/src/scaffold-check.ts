import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { child } from './child.ts'
import { providerName } from './new-provider/name.ts'
import { scaffold } from './new-provider/scaffold.ts'
import { outcome, report } from './pack/report.ts'
import { layOut } from './workspace/lay-out.ts'
import { readWorkspace, root } from './workspace/read.ts'

// What `pnpm new:provider` writes has to compile and to pass its tests; nothing else reads the templates.
const folder = mkdtempSync(join(tmpdir(), 'wayfare-scaffold-'))
try {
  const files = new Map([
    ...scaffold(providerName('acme-wire', []), 'wire'),
    ...scaffold(providerName('acme-dialect', []), 'dialect'),
  ])
  layOut(folder, root, readWorkspace(), files)
  const bin = (name: string): string => join(root, 'node_modules/.bin', name)
  const vitest = ['run', '--root', folder, '--config', join(root, 'vitest.config.ts')]
  const ok = report([
    outcome('new providers compile', await child(bin('tsc'), ['-p', folder, '--pretty', 'false'], { cwd: folder })),
    outcome('new providers pass their tests', await child(bin('vitest'), vitest, { cwd: folder })),
  ])
  if (!ok) process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
