import { describe, expect, test } from 'vitest'
import { Router } from '@wayfare/core'
import type { ChatEvent, Provider, ProviderEvent } from '@wayfare/core'
import { finish, text } from './kit/events.ts'
import { unhandledDuring } from './kit/rejections.ts'
import { readAll } from './kit/rig.ts'

type Pull = IteratorResult<ProviderEvent> | undefined | null

/** A provider whose pulls resolve with whatever `next` says. */
function pulledBy(next: () => Pull): Provider {
  const iterator = { next: async () => next() as IteratorResult<ProviderEvent> } // which it may not be
  return { name: 'odd', chat: () => ({ [Symbol.asyncIterator]: () => iterator }) }
}

function refuse(): never {
  throw new TypeError('not to be read')
}

function streamOf(provider: Provider) {
  return new Router({ providers: [provider], model: { provider: 'odd', model: 'm' } }).stream({ messages: 'x' })
}

function textsOf(events: readonly ChatEvent[]): string[] {
  return events.flatMap((event) => (event.type === 'text_delta' ? [event.text] : []))
}

describe('a provider whose pull resolves', () => {
  test.each<[string, () => Pull]>([
    ['with undefined', () => undefined],
    ['with null', () => null],
    [
      'with what throws when it is read',
      () => Object.defineProperty({ done: false, value: finish() }, 'value', { get: refuse }),
    ],
  ])('%s fails its call, and nothing else', async (_, next) => {
    const unhandled = await unhandledDuring(async () => {
      const { error } = await readAll(streamOf(pulledBy(next)))
      expect(error).toMatchObject({ kind: 'protocol', provider: 'odd' })
    })
    expect(unhandled).toEqual([])
  })
})

test('a provider may fill its one list anew for each read, however late it is read', async () => {
  const provider: Provider = {
    name: 'odd',
    async *chat() {
      const read: ProviderEvent[] = []
      for (const events of [[text('a'), text('b')], [text('c'), text('d')], [finish()]]) {
        read.splice(0, Infinity, ...events)
        yield read
      }
    },
  }
  const stream = streamOf(provider)
  await stream.response()
  expect(textsOf((await readAll(stream)).items)).toEqual(['a', 'b', 'c', 'd'])
})
