#!/usr/bin/env node
import { banner, helpText, readCommand } from './command.ts'
import { startEmulator } from './emulator.ts'

async function serve(port: number): Promise<void> {
  const emulator = await startEmulator({ port })
  process.stdout.write(banner(emulator))
  const stop = (): void => void emulator.close()
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
}

const command = readCommand(process.argv.slice(2))
switch (command.kind) {
  case 'help':
    process.stdout.write(helpText)
    break
  case 'wrong':
    process.stderr.write(`${command.message}\n\n${helpText}`)
    process.exitCode = 2
    break
  case 'serve':
    serve(command.port).catch((error: unknown) => {
      process.stderr.write(`the emulator did not start: ${error instanceof Error ? error.message : String(error)}\n`)
      process.exitCode = 1
    })
    break
}
