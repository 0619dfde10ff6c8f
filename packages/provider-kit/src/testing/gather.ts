import type { ProviderEvent } from '@wayfare/core'

/** All events of an answer, or those before it failed together with the error. */
export async function gather(
  answer: AsyncIterable<ProviderEvent | readonly ProviderEvent[]>,
): Promise<{ readonly events: readonly ProviderEvent[]; readonly error?: unknown }> {
  const events: ProviderEvent[] = []
  try {
    for await (const batch of answer) events.push(...[batch].flat())
  } catch (error) {
    return { events, error }
  }
  return { events }
}
