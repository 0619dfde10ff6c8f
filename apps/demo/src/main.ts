import { parseArgs } from 'node:util'
import { screenOn } from './screen.ts'

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
  if (values.help) return screen.line(help)
  // Each command loads what it needs: the help, and what is wrong, are told at once.
  if (values.live !== undefined) return (await import('./live.ts')).live(screen, values.live, values.model)
  if (values.store !== undefined) return (await import('./on-store.ts')).onStore(screen, values.store)
  if (command === 'chat' && rest.length === 0)
    return (await import('./chat.ts')).chat(screen, process.stdin, values.model)
  if (command === undefined) return (await import('./tour.ts')).tour(screen)
  throw new TypeError(`unknown command "${positionals.join(' ')}"; try --help`)
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
