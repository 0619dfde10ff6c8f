import type { Channel } from './channel.ts'
import { LLMError } from './error.ts'
import type { Guard } from './guard.ts'

interface Run {
  readonly guard: Guard
  readonly channel: Pick<Channel<unknown>, 'leave'>
}

const abandoned = new FinalizationRegistry<Run>(({ guard, channel }) => {
  guard.cut(new LLMError('cancelled', 'the stream was abandoned: nobody held it any more'))
  void channel.leave()
})

/**
 * Ends the run of a stream that its reader dropped without a word, when it is collected: the backstop of `break`, `close()` and
 * `await using`, which need no collector. Nothing of the run may lead to the stream.
 */
export function watchOver(stream: object, guard: Guard, channel: Run['channel']): void {
  abandoned.register(stream, { guard, channel }, stream)
}

export function forget(stream: object): void {
  abandoned.unregister(stream)
}
