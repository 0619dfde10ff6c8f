import { createRequire } from 'node:module'
import { join } from 'node:path'
import { CostConfigError } from '../error.ts'

/** A package that speaks with a server, and what it exports. */
export interface Client {
  readonly name: string
  readonly exports: unknown
}

/**
 * The first of these packages that the project in `from` has. Throws a `config` error that says what to install, or what else
 * (`instead`) would help.
 */
export function loadClient(names: readonly [string, ...string[]], from: string, instead = ''): Client {
  const load = createRequire(join(from, 'package.json'))
  const name = names.find((candidate) => isThere(load, candidate))
  if (name !== undefined) return { name, exports: load(name) }
  const [first, ...others] = names
  const or = others.length === 0 ? '' : ` (${others.join(' and ')} will do, too)`
  throw new CostConfigError(
    `this store needs a client that is not installed in ${from}: npm install ${first}${or}${instead}`,
  )
}

function isThere(load: NodeJS.Require, name: string): boolean {
  try {
    load.resolve(name)
    return true
  } catch {
    return false
  }
}
