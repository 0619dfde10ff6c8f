import { deepEqual, equal, ok, rejects } from 'node:assert/strict'
import { inspect } from 'node:util'
import { LLMError, type Provider, type ProviderEvent } from '@wayfare/core'
import { canaryKey, hidesCanaries } from './canary.ts'
import { cutAt } from './cutting.ts'
import type { Sample } from './samples.ts'
import type { Scenario } from './scenario.ts'
import type { Stage } from './stage.ts'

/** Before a call, and when its reader leaves. */
export const departures: readonly Scenario[] = [
  {
    name: 'nothing_before_pull',
    title: 'nothing is sent before the first pull',
    from: { sample: 'text' },
    async run(stage, { sample }) {
      const { provider, line } = stage.set(stage.script(sample))
      const answer = provider.chat(stage.request(sample.request))[Symbol.asyncIterator]()
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
      equal(line.requests.length, 0, 'a request was sent that nobody waits for')
      await stage.patiently('the call never ended', drain(answer))
      equal(line.requests.length, 1)
    },
  },
  {
    name: 'aborted_before',
    title: 'a call that is aborted before it begins sends nothing',
    from: { sample: 'text' },
    async run(stage, { sample }) {
      const { provider, line } = stage.set(stage.script(sample))
      const request = stage.request({ ...sample.request, signal: AbortSignal.abort() })
      await cancelled(stage, provider, drain(provider.chat(request)[Symbol.asyncIterator]()))
      equal(line.requests.length, 0, 'the request was sent all the same')
    },
  },
  {
    name: 'aborted_waiting',
    title: 'a call that is aborted while it waits for an answer ends at once, with its connection',
    from: { sample: 'text' },
    async run(stage, { sample }) {
      const { provider, line } = stage.set(stage.script(sample, { ending: 'mute' }))
      const aborter = new AbortController()
      const request = stage.request({ ...sample.request, signal: aborter.signal })
      const call = drain(provider.chat(request)[Symbol.asyncIterator]())
      call.catch(() => {})
      await stage.patiently('no request came', line.asked)
      aborter.abort()
      await cancelled(stage, provider, call)
      await stage.patiently('the connection stayed open after the abort', stage.server.quiet())
    },
  },
  {
    name: 'aborted_during',
    title: 'a call that is aborted in its answer ends at once, with its connection',
    from: { sample: 'text' },
    async run(stage, { sample }) {
      const { provider, answer, aborter } = await begun(stage, sample)
      aborter.abort()
      await cancelled(stage, provider, drain(answer))
      await stage.patiently('the connection stayed open after the abort', stage.server.quiet())
    },
  },
  {
    name: 'left_during',
    title: 'a reader who leaves closes the connection',
    from: { sample: 'text' },
    async run(stage, { sample }) {
      const { answer } = await begun(stage, sample)
      await stage.patiently('leaving never ended', Promise.resolve(answer.return?.()))
      await stage.patiently('the connection stayed open after its reader left', stage.server.quiet())
      deepEqual((await answer.next()).done, true, 'events came after the reader left')
    },
  },
  {
    name: 'signal_left_alone',
    title: 'a call that ended listens to its signal no more',
    from: { sample: 'text' },
    async run(stage, { sample }) {
      const { signal } = new AbortController()
      let listening = 0
      const add = signal.addEventListener.bind(signal)
      const remove = signal.removeEventListener.bind(signal)
      Object.assign(signal, {
        addEventListener: (...all: Parameters<typeof add>) => (listening++, add(...all)),
        removeEventListener: (...all: Parameters<typeof remove>) => (listening--, remove(...all)),
      })
      const { provider } = stage.set(stage.script(sample))
      await stage.patiently(
        'the call never ended',
        drain(provider.chat(stage.request({ ...sample.request, signal }))[Symbol.asyncIterator]()),
      )
      equal(listening, 0, 'a listener was left on the signal')
    },
  },
  {
    name: 'second_call',
    title: 'one provider serves many calls at a time, also after close()',
    from: { sample: 'text' },
    async run(stage, { sample }) {
      const { provider, line } = stage.set(stage.script(sample))
      const call = (): Promise<unknown> => drain(provider.chat(stage.request(sample.request))[Symbol.asyncIterator]())
      await stage.patiently('the calls never ended', Promise.all([call(), call(), call()]))
      await provider.close?.()
      await stage.patiently('the call after close() never ended', call())
      equal(line.requests.length, 4)
    },
  },
  {
    name: 'key_hidden',
    title: 'a provider shows its key to nobody, also one that cannot be a key',
    from: { sample: 'text' },
    async run(stage, { sample }) {
      const { provider } = stage.set(stage.script(sample))
      hidesCanaries(provider, 'the provider')
      ok(!inspect(provider, { depth: Infinity, showHidden: true }).includes(canaryKey))
      const error = await Promise.resolve()
        .then(async () => {
          const bad = stage.set(stage.script(sample), `${canaryKey}\n${canaryKey}`).provider
          await drain(bad.chat(stage.request(sample.request))[Symbol.asyncIterator]())
        })
        .then(
          () => undefined,
          (reason: unknown) => reason,
        )
      ok(LLMError.is(error) && error.kind === 'config', 'a key with a line break is a config error')
      hidesCanaries(error, 'the error')
    },
  },
]

/** A call whose first text has come, and whose server sends nothing more. */
async function begun(
  stage: Stage,
  sample: Sample,
): Promise<{
  readonly provider: Provider
  readonly answer: AsyncIterator<ProviderEvent | readonly ProviderEvent[]>
  readonly aborter: AbortController
}> {
  const script = stage.script(sample, { body: cutAt(stage.wire, sample, 'last_content'), ending: 'stall' })
  const { provider } = stage.set(script)
  const aborter = new AbortController()
  const answer = provider.chat(stage.request({ ...sample.request, signal: aborter.signal }))[Symbol.asyncIterator]()
  for (;;) {
    const { done, value } = await stage.patiently('no text came before the end of the stream', answer.next())
    ok(!done, 'the answer ended before it was complete')
    if ([value].flat().some(({ type }) => type === 'text_delta')) return { provider, answer, aborter }
  }
}

async function cancelled(stage: Stage, provider: Provider, call: Promise<unknown>): Promise<void> {
  await rejects(stage.patiently('the call did not end', call), (error) => {
    ok(LLMError.is(error), `an aborted call threw something that is no LLMError`)
    deepEqual([error.kind, error.provider, error.model], ['cancelled', provider.name, stage.wire.model])
    return true
  })
}

async function drain(answer: AsyncIterator<unknown>): Promise<void> {
  while (!(await answer.next()).done);
}
