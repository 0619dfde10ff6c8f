import { openStore } from '@wayfare/cost/open'
import { crowd } from './scenes/crowd.ts'
import { usd } from './screen.ts'
import type { Screen } from './screen.ts'
import { withStage } from './stage.ts'

/** A crowd against a limit that is kept in the store at this address. */
export async function onStore(screen: Screen, address: string): Promise<void> {
  const opened = await openStore(address, { from: import.meta.dirname })
  try {
    await withStage(
      screen,
      async (stage) => {
        screen.line(screen.bold(`The ledger is in the store of kind ${opened.store.kind}; the vendor is an emulator.`))
        screen.heading(1, crowd.title)
        await crowd.play(stage)
        const { pendingUsd } = await stage.llm.costs.global()
        screen.note(`all of it is in the bill (agent ${stage.crowd.agent})`)
        if (pendingUsd === 0) screen.note('nothing is pending any more')
        else screen.trouble(`others who use this store have ${usd(pendingUsd)} pending`)
      },
      opened.store,
    )
  } finally {
    await opened.close()
  }
}
