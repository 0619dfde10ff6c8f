import { expect, test } from 'vitest'
import { LLMError } from '@wayfare/core'
import type { LLMErrorKind } from '@wayfare/core'
import { text } from './kit/events.ts'
import type { VirtualClock } from './kit/clock.ts'
import { readAll, rig } from './kit/rig.ts'

const hour = 3_600_000
const noRetry = { fallbacks: [{ trigger: 'error', action: 'wait_and_retry', maxRetries: 0 }] } as const

/** Ten calls that wait for the same target, something that happens to the process, and how often its circuit opened. */
async function openedAfter(happens: (clock: VirtualClock) => void, kind?: LLMErrorKind): Promise<number> {
  const end = kind === undefined ? { stall: 'until_abort' as const } : new LLMError(kind, 'broke')
  const { router, clock, leaks } = rig({ a: [[text('a'), { waitMs: 1_000 }, end]] }, noRetry)
  let opened = 0
  router.on('breaker', () => opened++)
  const calls = Array.from({ length: 10 }, () =>
    readAll(router.stream({ messages: 'x', timeout: { totalMs: 10 * hour } })),
  )
  await clock.idle()
  happens(clock)
  for (const { error } of await clock.run(Promise.all(calls))) {
    expect(error).toMatchObject({ kind: kind ?? 'timeout' })
  }
  expect(leaks()).toEqual([])
  return opened
}

test.each<[string, (clock: VirtualClock) => void, LLMErrorKind | undefined]>([
  ['silence', (clock) => clock.block(hour), undefined],
  ['broken connections', (clock) => clock.setWall(hour), 'stream_truncated'],
  ['lost connections', (clock) => clock.setWall(hour), 'network'],
])('%s after a process was suspended say nothing about the target', async (_, happens, kind) => {
  expect(await openedAfter(happens, kind)).toBe(0)
})

test.each<[string, (clock: VirtualClock) => void, LLMErrorKind | undefined]>([
  ['silence of a running process', () => undefined, undefined],
  ['silence after a block of some seconds', (clock) => clock.block(20_000), undefined],
  ['broken connections of a running process', () => undefined, 'stream_truncated'],
  ['broken connections after the wall clock was set back', (clock) => clock.setWall(-hour), 'stream_truncated'],
  ['failures of the server after a sleep', (clock) => clock.setWall(hour), 'server'],
])('%s count', async (_, happens, kind) => {
  expect(await openedAfter(happens, kind)).toBe(1)
})
