import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { command } from './command.ts'
import { peersFolder } from './places.ts'

/** Installs what is compared with, once; false when that is not possible. */
export async function installPeers(): Promise<boolean> {
  if (existsSync(join(peersFolder, 'node_modules/openai'))) return true
  console.log('installing what is compared with (packages/bench/peers)')
  // The programs of others run only where they are measured: not at their installation.
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error']
  return (await command('npm', args, peersFolder)) === 0
}

/** The Node that most peers need; undefined where there is none for this system. */
export function newerNode(): string | undefined {
  const modules = join(peersFolder, 'node_modules')
  const folder = existsSync(modules) && readdirSync(modules).find((name) => name.startsWith('node-'))
  if (!folder) return undefined
  const file = join(modules, folder, process.platform === 'win32' ? 'bin/node.exe' : 'bin/node')
  return existsSync(file) ? file : undefined
}
