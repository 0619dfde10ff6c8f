import { Router, LLMError, type Provider, type ProviderEvent } from '@wayfare/core'
const fake = (...turns: (ProviderEvent[] | LLMError)[]): Provider => ({
  name: 'fake',
  async *chat() {
    const turn = turns.shift()
    if (turn instanceof Error) throw turn
    yield* turn ?? []
  },
})
const router = new Router({
  providers: [
    fake(new LLMError('rate_limit', 'slow down'), [
      { type: 'text_delta', text: 'ok' },
      { type: 'finish', reason: 'stop' },
    ]),
  ],
  model: 'fake/any',
  fallbacks: [{ trigger: 'rate_limit', action: 'wait_and_retry' }],
})
const res = await router.complete({ messages: 'x' })
if (res.text !== 'ok' || res.attempts.length !== 2) throw new Error('no')
// @ts-expect-error core has no tracker: costs lives on what createLLM returns
router.costs
