import type { Emulator } from './emulator.ts'
import { parseArgs } from 'node:util'
import { wires } from './wires.ts'

/** What the command line asks for. */
export type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'serve'; readonly port: number }
  | { readonly kind: 'wrong'; readonly message: string }

export const helpText: string = `wayfare-emulator: a local server that speaks the wires of LLM vendors

  wayfare-emulator [--port N] [--help]

  --port N   listen on this port of 127.0.0.1 (default: a free one)
  --help     show this text

It answers every chat with "Hello from <model>." and runs until Ctrl-C.
`

/** Reads the arguments after the script's name. */
export function readCommand(args: readonly string[]): Command {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { port: { type: 'string', default: '0' }, help: { type: 'boolean', default: false } },
    })
    if (values.help) return { kind: 'help' }
    const port = Number(values.port)
    if (/^\d+$/.test(values.port) && port <= 65_535) return { kind: 'serve', port }
    return { kind: 'wrong', message: `--port takes a number from 0 to 65535, not "${values.port}"` }
  } catch (error) {
    return { kind: 'wrong', message: error instanceof Error ? error.message : String(error) }
  }
}

/** What is printed once the emulator runs. */
export function banner(emulator: Pick<Emulator, 'baseURL' | 'url'>): string {
  const rows = Object.values(wires).map((wire) => `  ${wire.name.padEnd(11)}${emulator.baseURL(wire.name)}`)
  const body = JSON.stringify({ model: 'qwen3:8b', messages: [{ role: 'user', content: 'Hello' }] })
  return [
    `The emulator listens on ${emulator.url}`,
    '',
    'Base URLs (any key will do):',
    ...rows,
    '',
    'Try:',
    `  curl ${emulator.baseURL('ollama')}/api/chat -d '${body}'`,
    '',
    'Ctrl-C ends it.',
    '',
  ].join('\n')
}
