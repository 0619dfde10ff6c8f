import { show } from '../show.ts'
import type { Scene } from '../stage.ts'

export const thrift: Scene = {
  title: 'A soft limit moves to a cheaper model',
  async play({ emulator, llm, screen }) {
    const careful = llm.with({
      session: 'tour:thrift',
      fallbacks: [{ trigger: 'cost_limit', limit: 'soft', action: 'switch_model', model: 'claude-haiku-4-5' }],
    })
    emulator.enqueue(
      'anthropic',
      { text: 'Here is the long report.', usage: { input: 2_400, output: 800 } },
      { text: 'And here is its summary.', usage: { input: 640, output: 90 } },
    )
    await show(screen, careful.stream({ messages: 'Write the long report.' }))
    const response = await show(screen, careful.stream({ messages: 'Now summarise it.' }))
    screen.note(`nothing failed: the session is beyond its soft limit, so ${response.model} answered`)
  },
}
