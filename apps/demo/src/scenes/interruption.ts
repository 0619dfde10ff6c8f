import { show } from '../show.ts'
import { mini } from '../stage.ts'
import type { Scene } from '../stage.ts'

const text =
  'Tides come from the Moon: it pulls the near side of the ocean\nmore than the far side, and the Earth turns under both bulges.'

export const interruption: Scene = {
  title: 'The provider breaks in the middle of a sentence',
  async play({ emulator, llm, screen }) {
    emulator.enqueue('anthropic', {
      text,
      paceMs: 15,
      fault: { after: 9, kind: 'reset' },
      usage: { input: 14, output: 29 },
    })
    emulator.enqueue('openai', { text, paceMs: 15, usage: { input: 14, output: 29 } })
    const response = await show(
      screen,
      llm.stream({
        session: 'tour:interruption',
        messages: 'Why are there two tides a day?',
        fallbacks: [{ trigger: 'error', action: 'wait_and_retry', maxRetries: 0 }, mini],
      }),
    )
    const whole = response.text === text
    if (!whole) throw new Error('the answer is not what the second provider sent')
    screen.note('the half answer is void, the second one is whole; both are on the bill')
  },
}
