import { LLMError } from './error.ts'
import type { Guard } from './guard.ts'

interface Run {
  readonly guard: Guard
  readonly source: AsyncGenerator<unknown, void>
}

const abandoned = new FinalizationRegistry<Run>(({ guard, source }) => {
  guard.cut(new LLMError('cancelled', 'the stream was abandoned: nobody held it any more'))
  void source.return()
})

/**
 * Ends the run of a stream that its reader dropped without a word, when it is collected: the backstop of `break`, `close()` and
 * `await using`, which need no collector. Nothing of the run may lead to the stream.
 */
export function watchOver(stream: object, guard: Guard, source: Run['source']): void {
  abandoned.register(stream, { guard, source }, stream)
}

export function forget(stream: object): void {
  abandoned.unregister(stream)
}
