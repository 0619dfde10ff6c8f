import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Collects garbage, and lets run what hears of it. */
export async function collect(): Promise<void> {
  setFlagsFromString('--expose-gc')
  const gc = runInNewContext('gc') as () => void // what the flag adds
  gc()
  // What was registered is called in a task of its own.
  await new Promise((resolve) => setImmediate(resolve))
}

/** Until it is so, but not for ever. */
export async function collectUntil(done: () => boolean): Promise<void> {
  for (let turn = 0; turn < 2_000 && !done(); turn++) {
    // A collection takes long; what it sets off takes some turns of the loop.
    if (turn % 10 === 0) await collect()
    else await new Promise((resolve) => setImmediate(resolve))
  }
}
