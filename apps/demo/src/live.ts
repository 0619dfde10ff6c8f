import type { Screen } from './screen.ts'
import { show } from './show.ts'
import { withProviders } from './providers.ts'

/** One answer from whoever can give it, with every other provider as a fallback. */
export async function live(screen: Screen, prompt: string, model: string | undefined): Promise<void> {
  await withProviders(screen, model, async (llm) => {
    await show(screen, llm.stream({ session: 'live', messages: prompt }))
  })
}
