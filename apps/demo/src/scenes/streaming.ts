import { show } from '../show.ts'
import type { Scene } from '../stage.ts'

export const streaming: Scene = {
  title: 'An answer streams in',
  async play({ emulator, llm, screen }) {
    emulator.enqueue('anthropic', {
      text: 'A letter leaves the harbour late,\nand no one tells it which way round;\nit asks at every lantern, waits,\nand still arrives where it was bound.',
      paceMs: 15,
      usage: { input: 21, output: 38 },
    })
    await show(screen, llm.stream({ session: 'tour:streaming', messages: 'Four lines about a letter, please.' }))
  },
}
