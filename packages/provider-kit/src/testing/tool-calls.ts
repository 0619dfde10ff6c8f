import { deepEqual, equal, ok } from 'node:assert/strict'
import { fold } from './answer.ts'
import { answer, basic, goesBack } from './answers.ts'
import { cutAt, until } from './cutting.ts'
import { broken, replay } from './replay.ts'
import type { Expectation, Sample } from './samples.ts'
import type { Scenario } from './scenario.ts'
import { offering } from './weather.ts'

/** What the samples of calls say. */
const city = 'Nîmes 👋'

const call = { type: 'tool_call', name: 'weather', input: { city } }

export const toolCalls: readonly Scenario[] = [
  calling('tool_call', 'a tool call is one part, with its input parsed and as it was written', {
    toolCalls: [call],
    finish: 'tool_calls',
  }),
  calling('text_and_tool_call', 'what is said before a call stays before it', {
    parts: [{ type: 'text', text: 'A moment. ' }, call],
    finish: 'tool_calls',
  }),
  calling('parallel_tool_calls', 'several calls stay apart and in order', {
    toolCalls: [call, { name: 'weather', input: { city: 'Rome' } }],
    finish: 'tool_calls',
  }),
  calling('tool_call_without_input', 'a call without arguments has an empty object as its input', {
    toolCalls: [{ name: 'weather', input: {} }],
    finish: 'tool_calls',
  }),
  calling('tool_call_unreadable', 'arguments that are not JSON make the call invalid, as they were written', {
    toolCalls: [{ name: 'weather', rawInput: '{"city":', invalid: true }],
    finish: 'tool_calls',
  }),
  calling('tool_call_hostile', 'keys that mean something to JavaScript are data like any other', {
    finish: 'tool_calls',
  }),
  calling('tool_call_without_id', 'a call without an id gets one', { toolCalls: [call], finish: 'tool_calls' }),
  calling('tool_call_ids_repeated', 'calls with the same id get different ones', {
    toolCalls: [call, { name: 'weather', input: { city: 'Rome' } }],
    finish: 'tool_calls',
  }),
  calling('tool_call_named_stop', 'calls count as the reason, whatever the vendor calls it', {
    toolCalls: [call],
    finish: 'tool_calls',
  }),
  calling('tool_call_cut_by_limit', 'a call that the limit cut short is no call', { toolCalls: [], finish: 'length' }),
  {
    name: 'tool_call_round_trip',
    title: 'a call and its result go back',
    from: { sample: 'tool_call' },
    run: (stage, { sample }) =>
      goesBack(
        stage,
        {
          ...sample,
          request: offering(sample.request),
          expect: { ...sample.expect, replayed: ['weather', city, 'sunny', ...(sample.expect?.replayed ?? [])] },
        },
        'call',
      ),
  },
  {
    name: 'tool_call_cut',
    title: 'a call whose stream is cut is never handed out in part',
    from: { sample: 'tool_call' },
    async run(stage, { sample }) {
      const whole = Buffer.from(String(sample.body))
      const at = whole.indexOf('Nîmes') + 3
      ok(at > 3, 'the sample tool_call must hold Nîmes in one piece')
      const script = stage.script(sample, { body: until(whole, at) })
      const played = await stage.play(script, offering(sample.request))
      broken(stage, played, 'a cut call', { error: 'stream_truncated' })
      const calls = fold(played.events).toolCalls.filter(({ rawInput }) => !rawInput.includes(city))
      deepEqual(calls, [], 'half a call was handed out')
    },
  },
  {
    name: 'tool_call_without_end',
    title: 'a call is no answer before the stream says that it ended',
    from: { sample: 'tool_call' },
    async run(stage, { sample }) {
      const body = cutAt(stage.wire, sample, 'last_content')
      const played = await stage.play(stage.script(sample, { body }), offering(sample.request))
      broken(stage, played, 'a call without an end', { error: 'stream_truncated' })
    },
  },
]

function calling(name: string, title: string, expected: Expectation): Scenario {
  const scenario = answer(name, title, expected)
  return {
    ...scenario,
    async run(stage, { sample }) {
      const asked: Sample = { ...sample, request: offering(sample.request) }
      const { toolCalls } = await replay(stage, asked, expected, basic.has(name) ? 'every' : 'some')
      if (name !== 'tool_call_hostile') return
      const [hostile] = toolCalls
      ok(Object.hasOwn(hostile?.input as object, '__proto__'), 'the key __proto__ was lost') // input is an object here
      equal(({} as { polluted?: unknown }).polluted, undefined, 'Object.prototype was changed')
    },
  }
}
