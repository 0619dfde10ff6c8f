import { deepEqual, equal, ok } from 'node:assert/strict'
import { replay, sound } from './replay.ts'
import type { Expectation, Sample } from './samples.ts'
import type { Scenario } from './scenario.ts'
import type { Stage } from './stage.ts'

/** What the samples of answers say, where they say anything. */
export const said = 'Hé👋lo, wörld'
const thought = 'Grüße 👋, I think.'

/** What these are made of is in most other samples: they arrive in every way. */
export const basic: ReadonlySet<string> = new Set(['text', 'reasoning', 'tool_call'])

type Check = (stage: Stage, sample: Sample) => Promise<unknown>

/** A scenario that replays its sample and expects the same of every vendor. */
export function answer(name: string, title: string, expected: Expectation, check?: Check): Scenario {
  return {
    name,
    title,
    from: 'own',
    async run(stage, { sample }) {
      await replay(stage, sample, expected, basic.has(name) ? 'every' : 'some')
      await check?.(stage, sample)
    },
  }
}

export const answers: readonly Scenario[] = [
  answer('text', 'text comes as it was written', { text: said, parts: [{ type: 'text', text: said }], finish: 'stop' }),
  answer('blocks', 'blocks of text stay apart', {
    parts: [
      { type: 'text', text: 'Hé👋lo, ' },
      { type: 'text', text: 'wörld' },
    ],
    finish: 'stop',
  }),
  answer('reasoning', 'reasoning comes before the text, as a part of its own', {
    reasoning: thought,
    text: said,
    parts: [
      { type: 'reasoning', text: thought },
      { type: 'text', text: said },
    ],
    finish: 'stop',
  }),
  answer('reasoning_silent', 'reasoning that shows no text is kept for the next request', {
    reasoning: '',
    text: said,
    parts: [
      { type: 'reasoning', text: '' },
      { type: 'text', text: said },
    ],
  }),
  {
    name: 'reasoning_round_trip',
    title: 'reasoning goes back to its vendor just as it came',
    from: { sample: 'reasoning' },
    run: (stage, { sample }) => goesBack(stage, sample, 'reasoning'),
  },
  answer('empty_answer', 'an answer without a word is an answer', { text: '', parts: [], finish: 'stop' }),
  answer('served_model', 'the model that served is told apart from the one that was asked', {}, async (_, sample) => {
    const { start } = sample.expect ?? {}
    ok(start !== undefined && 'model' in start, 'the sample must expect a start with a model')
  }),
  answer('file', 'a file that the model made is a part', { finish: 'stop' }, async (_, sample) => {
    ok(sample.expect?.parts, 'the sample must expect the parts')
  }),
  answer('vendor_block', 'a block that only the vendor understands is kept for it', {}, async (_, sample) => {
    ok(sample.expect?.parts, 'the sample must expect the parts')
  }),
  answer('side_effect', 'a tool that ran at the vendor is told', {}, async (_, sample) => {
    ok((sample.expect?.sideEffects?.length ?? 0) > 0, 'the sample must expect side effects')
  }),
  answer('json_body', 'one JSON body is the same answer', { text: said, finish: 'stop' }),
  {
    name: 'json_for_stream',
    title: 'one JSON body where a stream was asked for is the same answer',
    from: { sample: 'json_body' },
    async run(stage, { sample }) {
      const { error: _, ...expected } = sample.expect ?? {}
      const played = await stage.play(stage.script(sample), { ...sample.request, stream: true })
      sound(stage, played, 'the answer', { text: said, finish: 'stop', ...expected })
    },
  },
]

/** An answer is sent back as history; what its sample wants replayed must be in the request. */
export async function goesBack(stage: Stage, sample: Sample, what: string): Promise<void> {
  const wanted = sample.expect?.replayed ?? []
  ok(wanted.length > 0, `the sample must expect what of its ${what} is replayed`)
  const first = sound(stage, await stage.play(stage.script(sample), sample.request), 'the answer', sample.expect)
  const question = stage.request(sample.request)
  const results = first.toolCalls.map(({ id, name }) => ({ type: 'tool_result', id, name, output: 'sunny' }) as const)
  const played = await stage.play(stage.script(sample), {
    ...sample.request,
    messages: [
      ...question.messages,
      // As a history that went through JSON, to a store and back.
      { role: 'assistant', content: JSON.parse(JSON.stringify(first.parts)) as typeof first.parts },
      ...(results.length > 0 ? [{ role: 'tool', content: results } as const] : question.messages),
    ],
  })
  const again = sound(stage, played, 'the second answer', sample.expect)
  equal(again.text, first.text)
  const sent = JSON.stringify(played.line.requests[0]?.body)
  const lost = wanted.filter((text) => !sent.includes(JSON.stringify(text).slice(1, -1)))
  deepEqual(lost, [], `of the ${what}, something did not go back`)
}
