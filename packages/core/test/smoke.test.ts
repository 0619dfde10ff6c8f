import { expect, test } from 'vitest'
import { LLMError, Router } from '@wayfare/core'
import type { Provider, ProviderEvent } from '@wayfare/core'

const fake = (name: string, ...turns: (ProviderEvent[] | LLMError)[]): Provider => ({
  name,
  async *chat() {
    const turn = turns.shift()
    if (turn instanceof Error) throw turn
    yield* turn ?? []
  },
})

test('a rate limit is waited for and the call answered', async () => {
  const router = new Router({
    providers: [
      fake('fake', new LLMError('rate_limit', 'slow down'), [
        { type: 'text_delta', text: 'ok' },
        { type: 'finish', reason: 'stop' },
      ]),
    ],
    model: 'fake/any',
    fallbacks: [{ trigger: 'rate_limit', action: 'wait_and_retry' }],
  })
  const events: string[] = []
  const response = await router.complete({ messages: 'x', onEvent: (event) => events.push(event.type) })
  expect(response.text).toBe('ok')
  expect(response.attempts).toHaveLength(2)
  expect(events).toEqual(['attempt_start', 'attempt_failed', 'attempt_start', 'text_delta', 'finish'])
})

test('an attempt that breaks after output is reset and answered by the fallback', async () => {
  const router = new Router({
    providers: [
      fake(
        'a',
        [{ type: 'text_delta', text: 'half' }],
        [{ type: 'text_delta', text: 'half' }],
        [{ type: 'text_delta', text: 'half' }],
      ),
      fake('b', [
        { type: 'text_delta', text: 'whole' },
        { type: 'finish', reason: 'stop' },
      ]),
    ],
    model: 'a/x',
    fallbacks: ['b/y'],
  })
  const events: string[] = []
  const stream = router.stream({ messages: 'x' })
  for await (const event of stream) events.push(event.type)
  expect(events).toContain('reset')
  const r = await stream.response()
  expect(r.text).toBe('whole')
  console.log(
    events.join(' '),
    r.attempts.map((a) => [a.outcome, a.usage.output, a.usageSource]),
    r.decision,
  )
  const failed = await router
    .with({ fallbacks: [] })
    .complete({ messages: 'x', model: 'a/z' })
    .catch((e: unknown) => e)
  console.log(failed)
})
