import { runTools, tool } from '@wayfare/llm'
import type { Message } from '@wayfare/llm'
import { z } from 'zod'
import { show } from '../show.ts'
import { flash } from '../stage.ts'
import type { Scene } from '../stage.ts'

const tools = {
  ferry: tool({
    description: 'The next ferry between two towns',
    inputSchema: z.object({ from: z.string(), to: z.string(), after: z.string().default('now') }),
    execute: ({ from, to, after }) => ({ from, to, after, leaves: '14:20', quay: 3 }),
  }),
}

export const toolAcross: Scene = {
  title: 'A tool call goes to one provider, its result to another',
  async play({ emulator, llm, screen }) {
    emulator.enqueue('anthropic', {
      reasoning: 'The user wants a ferry; there is a tool for it.',
      toolCalls: [{ name: 'ferry', input: { from: 'Bergen', to: 'Stavanger' } }],
      usage: { input: 95, output: 41, reasoning: 14 },
    })
    emulator.enqueue('google', {
      text: 'The next ferry leaves at 14:20 from quay 3.',
      paceMs: 10,
      usage: { input: 130, output: 14 },
    })

    const messages: Message[] = [{ role: 'user', content: 'When is the next ferry from Bergen to Stavanger?' }]
    const asked = await show(screen, llm.stream({ session: 'tour:tools', messages, tools }))
    messages.push(asked.message)
    const results = await runTools(asked.toolCalls, tools)
    messages.push(results)
    for (const { output } of results.content) {
      if (typeof output === 'string') screen.note(`zod filled in the default, and the tool answered ${output}`)
    }
    await show(screen, llm.stream({ session: 'tour:tools', messages, tools, model: flash }))
    screen.note('the second provider got the history in its own terms: reasoning left out, ids mapped')
  },
}
