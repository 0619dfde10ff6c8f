import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { LLMError } from '@wayfare/llm'
import type { LLM, Message } from '@wayfare/llm'
import { usd } from './screen.ts'
import type { Screen } from './screen.ts'
import { show } from './show.ts'
import { withProviders } from './providers.ts'

/** Line by line, until the input ends or /quit. */
export async function chat(screen: Screen, input: Readable, model: string | undefined): Promise<void> {
  await withProviders(screen, model, async (llm) => {
    screen.line('Write a line and press enter; /quit leaves.')
    const messages: Message[] = []
    const lines = createInterface({ input })
    screen.write('> ')
    for await (const line of lines) {
      if (line.trim() === '/quit') break
      if (line.trim() !== '') await answer(screen, llm, messages, line)
      screen.write('> ')
    }
    screen.line()
    lines.close()
  })
}

async function answer(screen: Screen, llm: LLM, messages: Message[], line: string): Promise<void> {
  messages.push({ role: 'user', content: line })
  try {
    const response = await show(screen, llm.stream({ session: 'chat', messages }))
    messages.push(response.message)
  } catch (error) {
    if (!LLMError.is(error)) throw error
    messages.pop()
    screen.trouble(`${error.kind}: ${error.message}`)
  }
  const { costUsd, messages: count } = await llm.costs.session('chat')
  screen.line(screen.dim(`   so far ${usd(costUsd)} for ${count} answers`))
}
