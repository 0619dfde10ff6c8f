import { describe, expect, test } from 'vitest'
import { earlyUsage, expectAlike, expectInterrupted } from './kit/interruption.ts'
import { eventOf, headOf, played, record } from './kit/recording.ts'
import { expectAlone } from './kit/refusal.ts'
import { protocols } from './kit/wires.ts'

const text = 'One two three four five.'
const strange = { hello: 'world' }

describe.each(protocols)('$name', (wire) => {
  test(`J01 ${wire.name}: an event that is not JSON breaks the answer off, and is not quoted`, async () => {
    await expectInterrupted(wire, {
      reply: { text, fault: { after: 2, kind: 'malformed' } },
      kind: 'protocol',
      facts: { retryable: true, message: expect.not.stringMatching(/three|\{|"/) },
      shown: 'One two ',
      retries: 1,
      usageSource: earlyUsage(wire),
      breaker: 'model',
    })
  })

  test(`J01 ${wire.name}: a page in the middle of a stream breaks the answer off, too`, async () => {
    const events = await record(wire, { text })
    const upTo = events.findIndex((event) => event.includes('two')) + 1
    const page = eventOf(wire, '<html><body>Please sign in</body></html>')
    await expectInterrupted(wire, {
      reply: played(wire, [...events.slice(0, upTo), page, ...events.slice(upTo)]),
      kind: 'protocol',
      facts: { retryable: true, message: expect.not.stringContaining('html') },
      shown: 'One two ',
      retries: 1,
      usageSource: earlyUsage(wire),
      breaker: 'model',
    })
  })

  test.each<unknown>([strange, { data: { text: 'Hello.' } }, [], '"Hello."', 5, null])(
    `J08 ${wire.name}: a stream of something else is no answer (%#)`,
    async (data) => {
      const event = eventOf(wire, data)
      const end = wire.protocol === 'chat' ? ['data: [DONE]'] : []
      const reply = played(wire, [event, event, ...end])
      await expectAlike(wire, { ...noAnswer, reply }, data === strange)
    },
  )

  test.each<unknown>([strange, {}, { choices: [] }, { choices: 'x' }, [], 'Hello.', 5, null])(
    `J08 ${wire.name}: a body of something else is no answer (%#)`,
    async (data) => {
      const body = JSON.stringify(data)
      for (const stream of [true, false]) {
        const reply = { raw: [headOf(wire, 'application/json') + body] }
        await expectAlike(wire, { ...noAnswer, reply, call: { stream } }, data === strange)
      }
    },
  )

  test.each(errorBodies)(
    `J09 ${wire.name}: the status decides when the body of an error is %j`,
    async (body, words) => {
      for (const [status, kind, sent] of statuses) {
        const reply = { status, error: { body: JSON.stringify(body), contentType: 'application/json' } }
        const message = expect.not.stringMatching(/canary|upside/)
        const details = words === '' ? {} : { details: { providerMessage: expect.stringContaining(words) } }
        await expectAlone(wire, {
          reply,
          kind,
          sent,
          facts: { status, message, ...details },
          breaker: 'nothing',
          waits: waits[kind],
        })
      }
    },
  )
})

const noAnswer = {
  kind: 'protocol',
  facts: { retryable: true },
  shown: '',
  retries: 1,
  usageSource: 'estimated',
  breaker: 'model',
} as const

const words = 'the upside is down'
const errorBodies: readonly (readonly [body: unknown, words: string])[] = [
  [{ error: words }, words],
  [{ error: null }, ''],
  [{ error: [] }, ''],
  [{ error: [words] }, ''],
  [{ error: JSON.stringify({ error: { message: words } }) }, words],
  [{ error: { message: JSON.stringify({ message: words }) } }, words],
  [{ error: { message: { message: words } } }, ''],
  [{ error: { message: null, type: null, code: null } }, ''],
  [{ message: words }, words],
  [{ detail: [{ msg: words }] }, words],
  [[{ error: { message: words } }], ''],
  [[], ''],
  [words, ''],
  [null, ''],
  [7, ''],
  [{}, ''],
]
const statuses: readonly (readonly [status: number, kind: keyof typeof waits, sent: number])[] = [
  [400, 'bad_request', 1],
  [429, 'rate_limit', 3],
  [500, 'server', 3],
]
const waits = {
  bad_request: [],
  rate_limit: [250, 500],
  server: [250, 500],
} as const
