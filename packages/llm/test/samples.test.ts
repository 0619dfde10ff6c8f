import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const here = fileURLToPath(new URL('.', import.meta.url))
const tsc = fileURLToPath(new URL('../../../node_modules/typescript/bin/tsc', import.meta.url))

// The samples are the promise to users: what they write must compile, and what must not compile must not.
test(
  'the fifteen samples of the public types compile, and their expected errors are errors',
  { timeout: 60_000 },
  () => {
    const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', `${here}samples`, '--pretty', 'false'], {
      encoding: 'utf8',
    })
    expect(stdout).toBe('')
    expect(status).toBe(0)
  },
)
