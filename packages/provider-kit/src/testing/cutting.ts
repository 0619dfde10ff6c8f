import { ok } from 'node:assert/strict'
import type { Sample, WireSamples } from './samples.ts'

/** The events of a stream's body, each with what separates it from the next. */
export function eventsOf({ stream }: WireSamples, sample: Sample): readonly string[] {
  ok(typeof sample.body === 'string', 'the sample of a stream is text')
  return sample.body.match(stream === 'sse' ? /[\s\S]*?\n\n|[\s\S]+$/g : /[^\n]*\n|[^\n]+$/g) ?? []
}

/** Puts an event behind the first one. */
export function withSecond(wire: WireSamples, sample: Sample, event: string): Sample {
  const [first = '', ...rest] = eventsOf(wire, sample)
  return { ...sample, body: [first, event, ...rest].join('') }
}

export type CutPlace = 'start' | 'first_event' | 'inside_character' | 'last_content' | 'inside_terminator' | 'last_byte'

/**
 * What arrives of a body that is cut there. `last_content`: all before the event that completes the answer. `last_byte`: that
 * event, too, but for its last byte.
 */
export function cutAt(wire: WireSamples, sample: Sample, place: CutPlace): Uint8Array {
  const events = eventsOf(wire, sample)
  const whole = Buffer.from(events.join(''))
  const last = events.findIndex((event) => wire.terminator.test(event))
  const [terminator] = wire.terminator.exec(events[last] ?? '') ?? []
  ok(last > 0 && terminator !== undefined, 'no event of the sample but the first completes the answer')
  const before = Buffer.from(events.slice(0, last).join(''))
  switch (place) {
    case 'start':
      return Buffer.alloc(0)
    case 'first_event':
      return Buffer.from(events[0] ?? '')
    case 'inside_character':
      return until(whole, whole.indexOf('👋') + 2)
    case 'last_content':
      return before
    case 'inside_terminator':
      return until(whole, whole.indexOf(terminator, before.length) + terminator.length - 2)
    case 'last_byte': {
      const event = Buffer.from((events[last] ?? '').trimEnd())
      return Buffer.concat([before, until(event, event.length - 1)])
    }
  }
}

export function until(bytes: Uint8Array, end: number): Uint8Array {
  return bytes.subarray(0, end)
}
