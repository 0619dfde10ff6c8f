import { ok } from 'node:assert/strict'
import type { LLMErrorKind } from '@wayfare/core'
import { fold } from './answer.ts'
import { said } from './answers.ts'
import { cutAt, type CutPlace } from './cutting.ts'
import { broken } from './replay.ts'
import type { Scenario } from './scenario.ts'

const places: readonly (readonly [CutPlace, string, LLMErrorKind])[] = [
  ['start', 'before its first byte', 'protocol'],
  ['first_event', 'after its first event', 'stream_truncated'],
  ['inside_character', 'inside a character', 'stream_truncated'],
  ['last_content', 'just before its end', 'stream_truncated'],
  ['inside_terminator', 'inside its end', 'stream_truncated'],
  ['last_byte', 'one byte before its end', 'stream_truncated'],
]

/** A stream that ends too early is an error, never a shorter answer: neither in good order nor with its connection. */
export const breaks: readonly Scenario[] = places.flatMap(([place, where, kind]) =>
  (['end', 'drop'] as const).map((ending) => ({
    name: `${ending === 'end' ? 'ended' : 'dropped'}_${place}`,
    title: `a stream that ${ending === 'end' ? 'ends' : 'breaks'} ${where} is an error`,
    from: { sample: 'text' },
    async run(stage, { sample }) {
      const body = cutAt(stage.wire, sample, place)
      const played = await stage.play(stage.script(sample, { body, ending }), sample.request)
      // A connection that is lost before any byte is one that broke.
      const error = broken(stage, played, 'a broken stream', { error: ending === 'drop' ? 'stream_truncated' : kind })
      ok(error.billed !== 'no' || place === 'start', 'the vendor had begun: the call may be on the bill')
      const { text } = fold(played.events)
      ok(said.startsWith(text), 'what was handed out is not what was sent')
    },
  })),
)
