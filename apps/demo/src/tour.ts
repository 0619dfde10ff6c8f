import { bill } from './scenes/bill.ts'
import { crowd } from './scenes/crowd.ts'
import { interruption } from './scenes/interruption.ts'
import { rateLimit } from './scenes/rate-limit.ts'
import { streaming } from './scenes/streaming.ts'
import { thrift } from './scenes/thrift.ts'
import { toolAcross } from './scenes/tool-across.ts'
import type { Screen } from './screen.ts'
import { withStage } from './stage.ts'
import type { Scene } from './stage.ts'

const scenes: readonly Scene[] = [streaming, interruption, rateLimit, toolAcross, thrift, crowd, bill]

export async function tour(screen: Screen): Promise<void> {
  screen.line(screen.bold('Wayfare: every call finds its way, and pays its fare.'))
  screen.line('Real providers, real HTTP requests, and an emulator here that fails on purpose.')
  await withStage(screen, async (stage) => {
    for (const [index, scene] of scenes.entries()) {
      screen.heading(index + 1, scene.title)
      await scene.play(stage)
    }
  })
  screen.line()
  screen.line('Next: npx pnpm demo --live "your prompt", npx pnpm demo chat, and README.md.')
}
