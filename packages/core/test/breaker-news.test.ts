import { expect, test } from 'vitest'
import { LLMError, Router } from '@wayfare/core'
import type { Provider } from '@wayfare/core'
import { Breakers } from '../src/breaker.ts'
import { Emitter } from '../src/emitter.ts'
import { VirtualClock } from './kit/clock.ts'

test('a call that went out before its key was refused does not shorten the pause', () => {
  const breakers = new Breakers(new VirtualClock(), () => 0.5, new Emitter())
  breakers.fail({ provider: 'a', model: 'm' }, new LLMError('billing', 'no funds'))
  breakers.succeed({ provider: 'a', model: 'n' })
  expect(breakers.closure({ provider: 'a', model: 'm' })).toMatchObject({ reason: 'circuit_open' })
})

test('attempts that fail early do not speak for those whose answers are under way', () => {
  const breakers = new Breakers(new VirtualClock(), () => 0.5, new Emitter())
  const target = { provider: 'a', model: 'm' }
  const fail = (times: number): void => {
    for (let n = 0; n < times; n++) breakers.fail(target, new LLMError('server', 'down'))
  }
  const answering = (times: number, change: 1 | -1): void => {
    for (let n = 0; n < times; n++) breakers.answering('a/m', change)
  }
  answering(100, 1)
  fail(40)
  expect(breakers.closure(target)).toBeUndefined()
  fail(60)
  expect(breakers.closure(target)).toMatchObject({ reason: 'circuit_open' })
  answering(100, -1)
  const other = new Breakers(new VirtualClock(), () => 0.5, new Emitter())
  for (let n = 0; n < 5; n++) other.fail(target, new LLMError('server', 'down'))
  expect(other.closure(target)).toMatchObject({ reason: 'circuit_open' })
})

test('streams under way keep a circuit closed while a few others break off at once, and no longer than they last', async () => {
  const held: (() => void)[] = []
  const provider: Provider = {
    name: 'a',
    async *chat({ messages }) {
      if (JSON.stringify(messages).includes('fail')) throw new LLMError('server', 'down')
      yield { type: 'text_delta', text: 'Once' }
      await new Promise<void>((resolve) => held.push(resolve))
      yield { type: 'finish', reason: 'stop' }
    },
  }
  const rules = [{ trigger: 'error', action: 'wait_and_retry', maxRetries: 0 }] as const
  const router = new Router({ providers: [provider], model: 'a/m', fallbacks: rules })
  const kindOf = (): Promise<unknown> =>
    router.complete({ messages: 'fail' }).then(
      () => undefined,
      (error: LLMError) => error.kind,
    )
  const told = Array.from({ length: 20 }, () => router.complete({ messages: 'tell' }))
  await expect.poll(() => held.length).toBe(20)
  for (let call = 0; call < 8; call++) expect(await kindOf()).toBe('server')
  for (const go of held.splice(0)) go()
  await Promise.all(told)
  for (let call = 0; call < 5; call++) await kindOf()
  // The failures and the answers of the last minute: 13 of 33, and five of them in a row.
  expect(await kindOf()).toBe('circuit_open')
})
