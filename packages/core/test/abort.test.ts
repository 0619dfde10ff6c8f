import { describe, expect, test } from 'vitest'
import { abortOf, Router } from '@wayfare/core'
import type { AbortSource, Provider, ProviderEvent, ProviderRequest } from '@wayfare/core'
import { answered } from './kit/events.ts'

/** A provider that waits for its abort, however it hears of it, and then says so. */
function deaf(sourceOf: (request: ProviderRequest) => AbortSource) {
  const heard: string[] = []
  const provider: Provider = {
    name: 'deaf',
    async *chat(request): AsyncGenerator<ProviderEvent> {
      const source = sourceOf(request)
      yield { type: 'start' }
      await new Promise<void>((resolve) => {
        const listener = {
          handleEvent: () => {
            heard.push(`aborted: ${source.aborted}, by ${(source.reason as Error).name}`)
            resolve()
          },
        }
        source.addEventListener('abort', listener)
      })
    },
  }
  return { provider, heard }
}

async function abortWhileWaiting(provider: Provider): Promise<void> {
  const router = new Router({ providers: [provider], model: { provider: 'deaf', model: 'm' } })
  const controller = new AbortController()
  const call = router.complete({ messages: 'x', signal: controller.signal })
  await new Promise((resolve) => setTimeout(resolve, 5))
  controller.abort()
  await expect(call).rejects.toMatchObject({ kind: 'cancelled' })
}

describe('what abortOf() gives', () => {
  test.each<[string, (request: ProviderRequest) => AbortSource]>([
    ['for the request of a router', abortOf],
    ['for a copy of it', (request) => abortOf({ ...request })],
    ['for one with the signal of a wrapper', ({ signal }) => abortOf({ signal: AbortSignal.any([signal]) })],
  ])('%s tells of the abort, once', async (_, sourceOf) => {
    const { provider, heard } = deaf(sourceOf)
    await abortWhileWaiting(provider)
    expect(heard).toEqual(['aborted: true, by LLMError'])
  })

  test('is no signal where nobody has asked for one, and the signal for a copy', async () => {
    const given: (readonly [unknown, unknown])[] = []
    const provider: Provider = {
      name: 'a',
      async *chat(request) {
        given.push([abortOf(request), abortOf({ ...request })])
        yield* answered('hi')
      },
    }
    await new Router({ providers: [provider], model: { provider: 'a', model: 'm' } }).complete({ messages: 'x' })
    expect(given.map((pair) => pair.map((source) => source instanceof AbortSignal))).toEqual([[false, true]])
  })

  test('tells nothing to who listens no more', async () => {
    const told: string[] = []
    const { provider } = deaf((request) => {
      const source = abortOf(request)
      const gone = { handleEvent: () => told.push('gone') }
      source.addEventListener('abort', gone)
      source.removeEventListener('abort', gone)
      return source
    })
    await abortWhileWaiting(provider)
    expect(told).toEqual([])
  })
})
