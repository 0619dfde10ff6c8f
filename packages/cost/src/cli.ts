#!/usr/bin/env node
import { bill } from './cli/bill.ts'
import { helpText, readCommand } from './cli/command.ts'
import { CostConfigError, CostStoreError } from './error.ts'

/** Ours say what to do. */
function isOurs(error: unknown): boolean {
  return error instanceof CostConfigError || error instanceof CostStoreError
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
  case 'bill':
    bill(command, process.cwd()).then(
      (text) => process.stdout.write(text),
      (error: unknown) => {
        const hint =
          /^\w+:\/\//.test(command.address) && !isOurs(error) ? ' (is the server up, and its URL right?)' : ''
        process.stderr.write(
          `the bill cannot be read: ${error instanceof Error ? error.message : String(error)}${hint}\n`,
        )
        process.exitCode = 1
      },
    )
    break
}
