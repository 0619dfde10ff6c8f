import type { Clock } from './contract/clock.ts'
import type { Guard } from './guard.ts'

/** How long a provider may take to let go of its socket once it was told to. */
const patienceMs = 1_000

/** Tells a provider to stop and waits until it has, but not for one that will not. */
export async function leave(clock: Clock, guard: Guard, iterator: AsyncIterator<unknown>): Promise<void> {
  guard.leave()
  let patience: { clear(): void } | undefined
  const waited = new Promise<void>((resolve) => {
    patience = clock.timer(patienceMs, resolve)
  })
  await Promise.race([waited, returned(iterator)])
  patience?.clear()
}

async function returned(iterator: AsyncIterator<unknown>): Promise<void> {
  try {
    await iterator.return?.()
  } catch {
    // why it failed to leave is of no interest: the attempt has its reason already
  }
}
