import type { ByteStream } from './exchange.ts'
import { nextBytes } from './next-bytes.ts'
import type { TransportClock } from './transport-clock.ts'

const PATIENCE_MS = 50

/** Reads what is left of a body whose protocol has ended; waits 50 ms at most, and never throws. */
export async function drain(body: ByteStream, clock: TransportClock): Promise<void> {
  if (isOver(body)) return
  let late = (): void => {}
  const limit = new Promise<undefined>((resolve) => (late = () => resolve(undefined)))
  const timer = clock.timer(PATIENCE_MS, late)
  const end = (async () => {
    while (!(await nextBytes(body)).done);
  })()
  await Promise.race([end, limit]).catch(() => {})
  timer.clear()
}

/** Most bodies end in the read that brings the protocol's own end. */
function isOver(body: ByteStream): boolean {
  try {
    let item = body.take()
    while (typeof item !== 'string') item = body.take()
    return item === 'over'
  } catch {
    return true
  }
}
