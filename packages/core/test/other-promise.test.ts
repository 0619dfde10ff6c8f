import { expect, test } from 'vitest'
import { jsonSchema } from '@wayfare/core'
import { answered, call, finish } from './kit/events.ts'
import { Ledger } from './kit/ledger.ts'
import { withOtherPromise } from './kit/other-promise.ts'
import { rig } from './kit/rig.ts'

test('a limit holds though another library has replaced the global Promise', () =>
  withOtherPromise(async () => {
    const { router, clock, providers } = rig({ a: [answered('hi')] }, { budget: new Ledger({ hardUsd: 0 }) })
    const error: unknown = await clock.run(router.complete({ messages: 'x' })).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ kind: 'budget' })
    expect(providers.a.sent).toEqual([])
  }))

test('what an async listener throws disturbs nobody, and ends its own call, though another library has replaced the global Promise', () =>
  withOtherPromise(async () => {
    const { router, clock } = rig({ a: [answered('one'), answered('two')] })
    const refuse = (async () => {
      throw new Error('no')
    }) as () => void // as those pass one who do not ask a linter
    router.on('attempt', refuse)
    expect(await clock.run(router.complete({ messages: 'x' }))).toMatchObject({ text: 'one' })
    const error: unknown = await clock
      .run(router.complete({ messages: 'x', onEvent: refuse }))
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ message: 'no' })
  }))

test('tool calls are checked though another library has replaced the global Promise', () =>
  withOtherPromise(async () => {
    const { router, clock } = rig({ a: [[call('add', { n: 1 }), finish()]] })
    const tools = { add: { inputSchema: jsonSchema<{ n: number }>({ type: 'object' }) } }
    const response = await clock.run(router.complete({ messages: 'x', tools }))
    expect(response.toolCalls).toMatchObject([{ name: 'add', input: { n: 1 } }])
  }))
