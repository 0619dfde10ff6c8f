import { parseArgs } from 'node:util'
import { chat } from './chat.ts'
import { live } from './live.ts'
import { onStore } from './on-store.ts'
import { screenOn } from './screen.ts'
import { tour } from './tour.ts'

const help = `Usage: npx pnpm demo [command] [options]

  npx pnpm demo                    a tour: seven scenes on a local emulator, no key and no network
  npx pnpm demo --live "prompt"    one answer from whichever provider has a key in the environment (or a local Ollama)
  npx pnpm demo --store ADDRESS    a limit that holds on your own store: redis://..., postgres://..., journal:FILE, sqlite:FILE
  npx pnpm demo chat               a small chat with a running cost line, from the same providers

Options:
  --live <prompt>    ask this
  --store <address>  where the ledger of this one scene is kept
  --model <ref>      provider/model to use in --live and chat
  --help             this text

Without any key, --live and chat talk to the emulator. NO_COLOR is respected.`

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      live: { type: 'string' },
      store: { type: 'string' },
      model: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  const screen = screenOn(process.stdout, process.env)
  const [command, ...rest] = positionals
  if (values.help) screen.line(help)
  else if (values.live !== undefined) await live(screen, values.live, values.model)
  else if (values.store !== undefined) await onStore(screen, values.store)
  else if (command === 'chat' && rest.length === 0) await chat(screen, process.stdin, values.model)
  else if (command === undefined) await tour(screen)
  else throw new TypeError(`unknown command "${positionals.join(' ')}"; try --help`)
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
