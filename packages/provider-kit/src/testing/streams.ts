import { equal, ok } from 'node:assert/strict'
import { said } from './answers.ts'
import { canaryPayload } from './canary.ts'
import { eventsOf, withSecond } from './cutting.ts'
import { broken, replay, sound } from './replay.ts'
import type { WireSamples } from './samples.ts'
import type { Scenario } from './scenario.ts'

const whole = { text: said, finish: 'stop' } as const

/** What may stand between the events of a stream, and what may not. */
export const streams: readonly Scenario[] = [
  {
    name: 'unknown_event',
    title: 'an event that nobody knows yet is passed over',
    from: { sample: 'text' },
    async run(stage, { sample }) {
      await replay(
        stage,
        withSecond(stage.wire, sample, eventOf(stage.wire, '{"type":"future_thing","future":[1]}')),
        whole,
      )
    },
  },
  {
    name: 'keep_alive',
    title: 'what only keeps the connection alive is passed over',
    from: { sample: 'text' },
    async run(stage, { sample }) {
      const pause = stage.wire.stream === 'sse' ? ': keep-alive\n\n' : '\n'
      const body = eventsOf(stage.wire, sample).map((event) => pause + event)
      await replay(stage, { ...sample, body: body.join('') + pause }, whole)
    },
  },
  {
    name: 'after_the_end',
    title: 'what comes after the end is no part of the answer',
    from: { sample: 'text' },
    async run(stage, { sample }) {
      await replay(stage, { ...sample, body: String(sample.body) + String(sample.body) }, whole)
    },
  },
  {
    name: 'last_event_unterminated',
    title: 'an end without its last line break is an end',
    from: { sample: 'text' },
    async run(stage, { sample }) {
      await replay(stage, { ...sample, body: String(sample.body).trimEnd() }, whole)
    },
  },
  {
    name: 'huge_event',
    title: 'an event of a megabyte is an event',
    from: { sample: 'text' },
    async run(stage, { sample }) {
      const head = 'Hé👋lo'
      const tail = said.slice(head.length)
      ok(String(sample.body).includes(head), `the sample text must hold ${head} in one piece`)
      const long = 'Hé👋lo '.repeat(100_000)
      const body = String(sample.body).replaceAll(head, () => long)
      const played = await stage.play(stage.script({ ...sample, body }), sample.request)
      const { text } = sound(stage, played, 'the answer', {
        ...sample.expect,
        ...whole,
        text: long + tail,
        parts: undefined,
      })
      equal(text.length, long.length + tail.length)
    },
  },
  {
    name: 'malformed_event',
    title: 'an event that cannot be read is an error that does not repeat it',
    from: { sample: 'text' },
    async run(stage, { sample }) {
      const bad = eventOf(stage.wire, `{"type":"${canaryPayload}", "text": ${canaryPayload}`)
      const script = stage.script(withSecond(stage.wire, sample, bad))
      broken(stage, await stage.play(script, sample.request), 'an unreadable event', { error: 'protocol' })
    },
  },
  {
    name: 'strange_stream',
    title: 'a stream of something else is an error, never an empty answer',
    from: { sample: 'text' },
    async run(stage, { sample }) {
      const body = stage.wire.stream === 'sse' ? 'data: {"some":"thing"}\n\n' : '{"some":"thing"}\n'
      const played = await stage.play(stage.script({ ...sample, body }), sample.request)
      broken(stage, played, 'a stream of something else', { error: 'protocol', text: '' })
    },
  },
  failing('error_inside_stream', 'an error inside a stream is that error', 'overloaded'),
  failing('error_at_once', 'an error as the first event of a stream is that error', 'rate_limit'),
  failing('error_as_json', 'an error in one JSON body with status 200 is that error', 'server'),
  failing('prompt_blocked', 'a prompt that was blocked is an error', 'content_filter'),
]

function failing(
  name: string,
  title: string,
  kind: 'overloaded' | 'rate_limit' | 'server' | 'content_filter',
): Scenario {
  return {
    name,
    title,
    from: 'own',
    async run(stage, { sample }) {
      const expected = { error: kind, ...sample.expect }
      for (const size of [7, 65_536]) {
        const played = await stage.play(stage.script(sample, { size }), sample.request)
        broken(stage, played, 'the answer', expected)
      }
    },
  }
}

function eventOf({ stream }: WireSamples, json: string): string {
  return stream === 'sse' ? `event: future_thing\ndata: ${json}\n\n` : `${json}\n`
}
