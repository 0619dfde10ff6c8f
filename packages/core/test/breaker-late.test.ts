import { expect, test } from 'vitest'
import { LLMError } from '@wayfare/core'
import { Breakers } from '../src/breaker.ts'
import { Emitter } from '../src/emitter.ts'
import { VirtualClock } from './kit/clock.ts'

test('a call that went out before its key was refused does not shorten the pause', () => {
  const breakers = new Breakers(new VirtualClock(), () => 0.5, new Emitter())
  breakers.fail({ provider: 'a', model: 'm' }, new LLMError('billing', 'no funds'))
  breakers.succeed({ provider: 'a', model: 'n' })
  expect(breakers.closure({ provider: 'a', model: 'm' })).toMatchObject({ reason: 'circuit_open' })
})
