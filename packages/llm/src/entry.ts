import { existsSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { LLMError } from '@wayfare/core'

/** A package that was found on the disk. */
export interface FoundPackage {
  readonly name: string
  readonly folder: string
  /** The field of its package.json. */
  readonly exports: unknown
}

/** The file that `import` of the package would load. Throws `config` when there is none. */
export function entryOf({ name, folder, exports }: FoundPackage): string {
  const file = exports === undefined ? mainOf(folder) : exported(exports, folder)
  if (file === undefined || !existsSync(file))
    throw new LLMError('config', `${name} has no file to import; install it again, or build it`)
  // As the module system does, so that what it imports is looked for beside the real file.
  return realpathSync(file)
}

function exported(exports: unknown, folder: string): string | undefined {
  const hasPaths = isObject(exports) && Object.keys(exports).some((key) => key.startsWith('.'))
  const target = targetOf(hasPaths ? exports['.'] : exports, activeConditions())
  return target?.startsWith('./') === true ? join(folder, target) : undefined
}

/** The first that applies, in the order in which the package lists them. */
function targetOf(value: unknown, conditions: ReadonlySet<string>): string | undefined {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return firstOf(value, conditions)
  if (!isObject(value)) return undefined
  const applying = Object.keys(value).filter((condition) => conditions.has(condition))
  return firstOf(
    applying.map((condition) => value[condition]),
    conditions,
  )
}

function firstOf(values: readonly unknown[], conditions: ReadonlySet<string>): string | undefined {
  for (const value of values) {
    const target = targetOf(value, conditions)
    if (target !== undefined) return target
  }
  return undefined
}

/** Those of `import`, and those that this process was started with. */
function activeConditions(): ReadonlySet<string> {
  const flags = [...process.execArgv, ...(process.env['NODE_OPTIONS'] ?? '').split(/\s+/)]
  const given = flags.flatMap((flag, i) => {
    const [, inline] = /^(?:--conditions|-C)=(.+)$/.exec(flag) ?? []
    return inline ?? (flag === '--conditions' || flag === '-C' ? (flags[i + 1] ?? []) : [])
  })
  return new Set(['node', 'import', 'default', ...given])
}

function mainOf(folder: string): string | undefined {
  try {
    return createRequire(join(folder, 'package.json')).resolve(folder)
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
