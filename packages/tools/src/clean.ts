import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { readWorkspace, root } from './workspace/read.ts'

// What a renamed source left behind must not be packed, nor be cached by turbo as an output.
for (const { dir } of readWorkspace()) rmSync(join(root, dir, 'dist'), { recursive: true, force: true })
