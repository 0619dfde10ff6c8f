import type { EmulatedRequest } from '@wayfare/emulator'
import type { LLM } from '@wayfare/llm'
import { describe, expect, test } from 'vitest'
import { limited } from './kit/money.ts'
import { repeat, rescuerOf } from './kit/refusal.ts'
import { onStage } from './kit/stage.ts'
import { long } from './kit/turns.ts'
import { providerOf, wires } from './kit/wires.ts'

/** One call of many: what it asked is what it must be told. */
interface Asked {
  readonly id: string
  readonly face: 'events' | 'text' | 'complete'
}

const faces = ['events', 'text', 'complete'] as const

/** A hundred on the first wire, and on all of them in the long run. */
function crowd(many: number): readonly Asked[] {
  return Array.from({ length: many }, (_, at) => ({
    id: `call-${String(at).padStart(3, '0')}`,
    face: faces[at % faces.length]!,
  }))
}

describe.each(wires)('$name', (wire) => {
  const many = long || wire === wires[0] ? 100 : 30
  const asked = crowd(many)
  const other = rescuerOf(wire)

  test.each([
    ['refuses every call', { error: 'server' }],
    ['resets every connection', { raw: ['reset'] }],
  ] as const)(
    `${many} calls at once of a router whose ${wire.name} %s are answered by the fallback, each with its own`,
    async (_, reply) => {
      await onStage(
        wire,
        async ({ emulator, llm }) => {
          llm.register(providerOf(other, emulator))
          llm.setFallbacks([`${other.name}/${other.model}`])
          emulator.answer(wire.wire, () => reply)
          emulator.answer(other.wire, (request) => ({ text: `It is ${idIn(request)}.`, paceMs: 1, deltaSize: 3 }))
          const told = await Promise.all(asked.map((one) => ask(llm, one)))
          expect(told.map(({ shown }) => shown)).toEqual(asked.map(({ id }) => `It is ${id}.`))
          for (const [at, { response }] of told.entries()) {
            expect(response).toMatchObject({ provider: other.name, text: `It is ${asked[at]!.id}.` })
            // A bill of its own as well.
            expect(response.attempts.at(-1)).toMatchObject({ outcome: 'ok', provider: other.name })
            const { costUsd } = await llm.costs.session(asked[at]!.id)
            expect(costUsd).toBe(response.costUsd)
          }
          const ids = told.flatMap(({ response }) => response.attempts.map(({ id }) => id))
          expect(new Set(ids).size).toBe(ids.length)
          const sent = (name: string): number => emulator.requests.filter((request) => request.wire === name).length
          expect(sent(other.wire)).toBe(many)
          // One each, and the retries that the quota allows.
          expect(sent(wire.wire)).toBeLessThanOrEqual(many + 20)
        },
        limited({ global: { hard: 1_000 } }),
      )
    },
  )

  test(`${many} calls at once of a router whose ${wire.name} breaks half of them are answered, each with its own`, async () => {
    await onStage(
      wire,
      async ({ emulator, llm }) => {
        llm.register(providerOf(other, emulator))
        llm.setFallbacks([`${other.name}/${other.model}`])
        const tried = new Set<string>()
        emulator.answer(wire.wire, (request) => {
          const id = idIn(request)
          const broken = Number(id.slice(-1)) % 2 === 1 && !tried.has(id)
          tried.add(id)
          const text = `It is ${id}.`
          return broken ? { text, deltaSize: 3, fault: { after: 2, kind: 'cut' } } : { text, deltaSize: 3, paceMs: 1 }
        })
        emulator.answer(other.wire, (request) => ({ text: `It is ${idIn(request)}.`, deltaSize: 3 }))
        // Text cannot be taken back: those readers are another row's.
        const calls = asked.map((one): Asked => ({ ...one, face: one.face === 'text' ? 'complete' : one.face }))
        const told = await Promise.all(calls.map((one) => ask(llm, one)))
        expect(told.map(({ shown }) => shown)).toEqual(asked.map(({ id }) => `It is ${id}.`))
        expect(new Set(told.map(({ response }) => response.provider)).size).toBeGreaterThan(0)
      },
      limited({ global: { hard: 1_000 } }),
    )
  })
})

test('what the calls of one router share holds nothing of any call: the same again, one after another', async () => {
  const [wire] = wires
  await onStage(
    wire!,
    async ({ emulator, llm }) => {
      emulator.answer(wire!.wire, (request) => ({ text: `It is ${idIn(request)}.` }))
      const asked = crowd(10)
      for (const one of asked) expect((await ask(llm, one)).shown).toBe(`It is ${one.id}.`)
      const twice = await Promise.all(repeat(asked[0]!, 2).map((one) => ask(llm, one)))
      expect(twice[0]!.response.attempts).toHaveLength(1)
      expect(twice[1]!.response.attempts).toHaveLength(1)
    },
    limited({ global: { hard: 1_000 } }),
  )
})

async function ask(llm: LLM, { id, face }: Asked) {
  const call = { messages: `Who is ${id}?`, session: id }
  if (face === 'complete') {
    const response = await llm.complete(call)
    return { shown: response.text, response }
  }
  const stream = llm.stream(call)
  let shown = ''
  if (face === 'text') for await (const text of stream.textStream) shown += text
  else {
    for await (const event of stream) {
      if (event.type === 'text_delta') shown += event.text
      if (event.type === 'reset') shown = ''
    }
  }
  return { shown, response: await stream.response() }
}

function idIn({ body }: EmulatedRequest): string {
  return /call-\d{3}/.exec(JSON.stringify(body))?.[0] ?? 'nobody'
}
