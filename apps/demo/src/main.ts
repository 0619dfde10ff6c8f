import { parseArgs } from 'node:util'
import { screenOn } from './screen.ts'

const help = `Usage: npx pnpm demo [command] [options]

  npx pnpm demo                  a tour: seven scenes on a local emulator,
                                 no key and no network
  npx pnpm demo chat             a small chat with a running cost line
  npx pnpm demo --live "prompt"  one answer
  npx pnpm demo --store ADDRESS  a limit that holds in a store of yours

Options:
  --live <prompt>    ask this
  --model <ref>      provider/model to use in --live and chat
  --store <address>  memory:, journal:FILE, sqlite:FILE (from Node 22.5 on),
                     redis://HOST or postgres://HOST/DATABASE
  --help             this text

--live and chat ask whichever provider has a key in the environment, else an
Ollama on this machine, else the emulator. NO_COLOR is respected.`

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
  console.error(error instanceof Error ? told(error) : error)
  process.exitCode = 1
})

/** What happened, and what made it happen: that a store is down does not say why. */
function told({ message, cause }: Error): string {
  return cause instanceof Error && cause.message !== '' ? `${message} (${cause.message})` : message
}
