import { parseArgs, type ParseArgsConfig } from 'node:util'
import type { Dimension } from '../report.ts'

/** What the command line asks for. */
export type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly message: string }
  | ({ readonly kind: 'bill' } & BillRequest)

export interface BillRequest {
  /** As `openStore` takes it. */
  readonly address: string
  readonly prefix: string | undefined
  readonly by: readonly Dimension[]
  readonly from: Date | undefined
  readonly to: Date | undefined
  readonly as: 'table' | 'json' | 'csv'
}

export const helpText: string = `wayfare-cost: the bill, from the store that keeps it

  wayfare-cost STORE [options]

  STORE            journal:FILE, sqlite:FILE, redis://HOST or postgres://HOST/DATABASE
  --by LIST        of agent, session, provider, model, day, tag:NAME (default: agent,model)
  --from, --to     days, as 2026-01-31; both are included
  --json, --csv    instead of a table
  --prefix NAME    of the keys in Redis (default: wayfare)
  --help           show this text

A journal may be open in another process meanwhile. Clients of servers are those of the project in the current folder:
ioredis, iovalkey or redis; pg or postgres; better-sqlite3 where Node has no SQLite.
`

const text = { type: 'string' } as const
const flag = { type: 'boolean', default: false } as const
const options = {
  by: { type: 'string', default: 'agent,model' },
  from: text,
  to: text,
  prefix: text,
  json: flag,
  csv: flag,
  help: flag,
} satisfies ParseArgsConfig['options']

/** Reads the arguments after the script's name. */
export function readCommand(args: readonly string[]): Command {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
    if (values.help) return { kind: 'help' }
    const [address, ...others] = positionals
    if (address === undefined || others.length > 0) throw new Error('give one store, such as journal:costs.journal')
    if (values.json && values.csv) throw new Error('give either --json or --csv')
    if (values.prefix !== undefined && !/^rediss?:/i.test(address)) throw new Error('--prefix goes with Redis')
    return {
      kind: 'bill',
      address,
      prefix: values.prefix,
      by: values.by.split(',').filter((name) => name !== '') as Dimension[], // the report checks them
      from: dayOf('--from', values.from),
      to: dayOf('--to', values.to),
      as: values.json ? 'json' : values.csv ? 'csv' : 'table',
    }
  } catch (error) {
    return { kind: 'wrong', message: error instanceof Error ? error.message : String(error) }
  }
}

function dayOf(option: string, value: string | undefined): Date | undefined {
  if (value === undefined) return undefined
  const date = new Date(`${value}T00:00:00Z`)
  if (/^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value))
    return date
  throw new Error(`${option} takes a day, as 2026-01-31`)
}
