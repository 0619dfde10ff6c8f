import type { Exchange } from './exchange.ts'
import type { Raw } from './reply.ts'

/** Writes the steps to the socket, past HTTP, and closes it. */
export async function playRaw(reply: Raw, exchange: Exchange): Promise<void> {
  for (const step of reply.raw) {
    if (exchange.over) return
    if (step === 'reset') return exchange.reset()
    if (step === 'end') return exchange.cut()
    if (step === 'stall') return exchange.untilGone()
    if (typeof step === 'string' || step instanceof Uint8Array) await exchange.writeRaw(step)
    else if ('waitMs' in step) await exchange.pause(step.waitMs)
    else await repeat(step.repeat, step.times, exchange)
  }
  await exchange.cut()
}

/** Joins repetitions into writes of about 64 KiB: one write each would take minutes for millions. */
async function repeat(bytes: string | Uint8Array, times: number, exchange: Exchange): Promise<void> {
  const one = Buffer.from(bytes)
  const perWrite = Math.max(1, Math.floor(65_536 / Math.max(1, one.length)))
  const block = Buffer.concat(Array.from({ length: Math.min(perWrite, times) }, () => one))
  for (let left = times; left > 0 && !exchange.over; left -= perWrite) {
    await exchange.writeRaw(left >= perWrite ? block : block.subarray(0, left * one.length))
  }
}
