import { show } from '../show.ts'
import { mini } from '../stage.ts'
import type { Scene } from '../stage.ts'

export const rateLimit: Scene = {
  title: 'A rate limit is waited for',
  async play({ emulator, llm, screen }) {
    emulator.enqueue(
      'openai',
      { error: 'rate_limit', retryAfter: '1' },
      { text: 'Patience is a queue with one person in it.', usage: { input: 12, output: 9 } },
    )
    const startedMs = performance.now()
    await show(screen, llm.stream({ session: 'tour:rate-limit', model: mini, messages: 'What is patience?' }))
    screen.note(
      `the server asked for 1 s; answered after ${((performance.now() - startedMs) / 1_000).toFixed(1)} s, and the refused request cost nothing`,
    )
  },
}
