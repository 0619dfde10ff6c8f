import type { Answer } from '@wayfare/emulator'
import { startEmulator } from '@wayfare/emulator'
import type { ChatEvent, ChatResponse } from '@wayfare/llm'
import { createLLM } from '@wayfare/llm'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { tools } from './kit/calls.ts'
import { headOf, inPieces, recordBytes } from './kit/recording.ts'
import { long } from './kit/turns.ts'
import { providerOf, wires } from './kit/wires.ts'

/** Letters of one to four bytes, what JSON escapes, and what lines and events end with. */
const letter = fc.constantFrom(
  'a',
  'é',
  '你',
  '👋🏽',
  '\u2028',
  '\n',
  '\r\n',
  '\n\n',
  '"',
  '\\',
  '\0',
  ' ',
  'data: ',
  '\uFEFF',
  '[DONE]',
)
const prose = fc.array(letter, { minLength: 1, maxLength: 12 }).map((letters) => letters.join(''))
const input = fc.dictionary(prose, fc.oneof(prose, fc.integer(), fc.boolean(), fc.constant(null)), { maxKeys: 3 })
const answers: fc.Arbitrary<Answer> = fc.record(
  {
    reasoning: prose,
    text: prose,
    toolCalls: fc.array(fc.record({ name: fc.constantFrom('read', 'write'), input }), { maxLength: 3 }),
    usage: fc.record({ input: fc.nat(9_999), cacheRead: fc.nat(99), output: fc.integer({ min: 100, max: 9_999 }) }),
    deltaSize: fc.integer({ min: 1, max: 5 }),
  },
  { requiredKeys: ['text'] },
)
const cuts = fc.array(fc.nat({ max: 5_000 }), { maxLength: 12 })

describe.each(wires)('$name', (wire) => {
  const ends = wire.format === 'sse' ? ['\n', '\r\n', '\r'] : ['\n', '\r\n']
  const marks = [false, true]

  test(`S03 ${wire.name}: an answer is the same wherever its bytes are cut`, async () => {
    await using emulator = await startEmulator()
    const llm = createLLM({
      providers: [providerOf(wire, emulator)],
      model: { provider: wire.name, model: wire.model },
      // Ids that are made come from the attempt's.
      random: () => 0.5,
    })
    const folded = async (bytes: Uint8Array, at: readonly number[]): Promise<unknown> => {
      emulator.enqueue(wire.wire, { raw: [headOf(wire), ...inPieces(cutAt(bytes, at))] })
      const events: ChatEvent[] = []
      for await (const event of llm.stream({ messages: 'Hello?', tools })) events.push(event)
      return essence(events)
    }
    await fc.assert(
      fc.asyncProperty(
        answers,
        cuts,
        fc.constantFrom(...ends),
        fc.constantFrom(...marks),
        async (answer, at, end, mark) => {
          const bytes = await recordBytes(wire, answer)
          const whole = await folded(bytes, [])
          const text = Buffer.from(bytes).toString('latin1')
          const replayed = Buffer.from((mark ? '\xef\xbb\xbf' : '') + text.replaceAll('\n', end), 'latin1')
          expect(await folded(replayed, at)).toEqual(whole)
          // Not only the same: what was said.
          expect(whole).toMatchObject({ text: answer.text, inputs: (answer.toolCalls ?? []).map((call) => call.input) })
        },
      ),
      { numRuns: long ? 100 : 12 },
    )
    await llm.close()
  })
})

/** What the events come to, without times, ids of attempts and money, and with neighbouring deltas joined. */
function essence(events: readonly ChatEvent[]): unknown {
  const last = events.at(-1)
  if (last?.type !== 'finish') throw new Error(`the call ended with ${last?.type}`)
  const deltas = (type: 'text_delta' | 'reasoning_delta'): string =>
    events.flatMap((event) => (event.type === type ? [event.text] : [])).join('')
  return {
    ...said(last.response),
    shown: deltas('text_delta'),
    thought: deltas('reasoning_delta'),
    order: events.map(({ type }) => type).filter((type, index, types) => type !== types[index - 1]),
  }
}

function said(response: ChatResponse) {
  const { text, message, toolCalls, finishReason, rawFinishReason, servedModel, usage, usageSource, warnings } =
    response
  return {
    text,
    content: message.content.map((part) => ('id' in part ? { ...part, id: '' } : part)),
    inputs: toolCalls.map((call) => call.input),
    finishReason,
    rawFinishReason,
    servedModel,
    usage,
    usageSource,
    warnings,
  }
}

function cutAt(bytes: Uint8Array, at: readonly number[]): Uint8Array[] {
  const sorted = [...new Set(at.map((cut) => cut % bytes.length))].toSorted((a, b) => a - b)
  const pieces = [0, ...sorted].map((from, index) => bytes.subarray(from, sorted[index] ?? bytes.length))
  return pieces.filter((piece) => piece.length > 0)
}
