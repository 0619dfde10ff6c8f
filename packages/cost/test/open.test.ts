import { mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { describe, expect, test } from 'vitest'
import { bill } from '../src/cli/bill.ts'
import { readCommand, type BillRequest } from '../src/cli/command.ts'
import { CostTracker } from '../src/index.ts'
import { loadClient } from '../src/open/client.ts'
import { openStore } from '../src/open/index.ts'
import { builtin } from './sqlite/builtin.ts'
import { scratch } from './journal/scratch.ts'

const at = scratch()
const asked = (address: string, more: Partial<BillRequest> = {}): BillRequest => ({
  address,
  by: ['agent', 'model'],
  as: 'table',
  prefix: undefined,
  from: undefined,
  to: undefined,
  ...more,
})
const strange = `{}:*'";--`

/** A little spend, on 26 November 2026 or later. */
async function filled(address: string): Promise<{ close(): Promise<void> }> {
  const opened = await openStore(address)
  const costs = new CostTracker({ store: opened.store })
  await costs.record({ session: 'support:1', model: 'large', costUsd: 1.25, usage: { input: 12_000, output: 30 } })
  await costs.record({ agent: strange, model: '\u001B[2Jx', costUsd: 2.5 })
  return opened
}

describe('the bill of a store', () => {
  test('is printed with the dearest first, while another has the journal open', async () => {
    const address = `journal:${at('open.journal')}`
    const opened = await filled(address)
    expect((await bill(asked(address), at('.'))).split('\n')).toEqual([
      'agent      model       USD   input  output  answers  attempts  unpriced',
      `${strange}  \uFFFD[2Jx  2.500000       0       0        1         1         0`,
      'support    large  1.250000  12,000      30        1         1         0',
      'total             3.750000  12,000      30        2         2         0',
      '',
    ])
    expect(await bill(asked(address, { by: [], as: 'csv' }), at('.'))).toBe(
      'costUsd,inputTokens,outputTokens,messages,attempts,unpriced,pricingSources\r\n3.75,12000,30,2,2,0,provider\r\n',
    )
    const json: unknown = JSON.parse(await bill(asked(address, { as: 'json' }), at('.')))
    expect(json).toMatchObject({
      rows: [{ costUsd: 1.25 }, { agent: strange, costUsd: 2.5 }],
      total: { costUsd: 3.75 },
    })
    expect(await bill(asked(address, { to: new Date('2026-01-01') }), at('.'))).toContain('0.000000')
    await opened.close()
  })

  test.skipIf(builtin === undefined)('is read from a SQLite file (in Node 22.5 or newer)', async () => {
    const opened = await filled(`sqlite:${at('a.db')}`)
    expect(await bill(asked(`sqlite:${at('a.db')}`), at('.'))).toContain('3.750000')
    await opened.close()
  })

  test.each<[string, string, string]>([
    ['a journal that is not there', `journal:${at('none')}`, 'there is no journal'],
    ['a file that is no journal', `journal:${at('text')}`, 'is no journal'],
    ['a file that is not whole', `journal:${at('empty')}`, 'holds no ledger'],
    ['a database that is not there', `sqlite:${at('none.db')}`, 'there is no file'],
  ])('cannot be had from %s', async (_, address, message) => {
    writeFileSync(at('text'), 'a line\n')
    writeFileSync(at('empty'), '')
    const error = await bill(asked(address), at('.')).catch(({ message: told }: Error) => told)
    expect(error).toContain(message)
  })
})

describe('an address', () => {
  test('of a memory store needs no more than its name', async () => {
    expect((await openStore('memory:')).store.kind).toBe('memory')
  })

  test.each(['', 'memory', 'mysql://root:secret@localhost', 'journal:', '/var/secret.db', 5])(
    'that leads nowhere is refused, and not quoted: %s',
    async (address) => {
      const error: unknown = await openStore(address as string).catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({ kind: 'config' })
      expect(String(error)).not.toContain('secret')
    },
  )

  test('takes the client that the project has, and closes it', async () => {
    const folder = at('node_modules/pg')
    mkdirSync(folder, { recursive: true })
    const fake = `let ended = 0
      exports.Pool = class {
        on() {}
        async query() { return { rows: [{ answer: JSON.stringify([]) }] } }
        async end() { exports.ended = ++ended }
      }`
    writeFileSync(`${folder}/index.js`, fake)
    const opened = await openStore('postgres://localhost/x', { from: at('.') })
    expect([opened.store.kind, await opened.store.agents()]).toEqual(['postgres', []])
    await opened.close()
    expect(createRequire(`${folder}/x`)(folder)).toMatchObject({ ended: 1 })
  })

  test('whose client is missing says what to install', () => {
    expect(() => loadClient(['no-client', 'none-either'], at('.'))).toThrow(
      `npm install no-client (none-either will do, too)`,
    )
    expect(() => loadClient(['no-client'], at('.'))).toThrow(/: npm install no-client$/)
  })
})

describe('the command line', () => {
  test('asks for a bill', () => {
    const line = 'redis://h --prefix team --by day,tag:team --from 2026-01-01 --to 2026-01-31 --csv'
    expect(readCommand(line.split(' '))).toEqual({
      kind: 'bill',
      address: 'redis://h',
      prefix: 'team',
      by: ['day', 'tag:team'],
      from: new Date('2026-01-01'),
      to: new Date('2026-01-31'),
      as: 'csv',
    })
    expect(readCommand(['journal:a b'])).toMatchObject({
      address: 'journal:a b',
      by: ['agent', 'model'],
      as: 'table',
    })
    expect(readCommand(['--help', 'journal:x'])).toEqual({ kind: 'help' })
  })

  test.each([
    ['', 'give one store'],
    ['journal:a sqlite:b', 'give one store'],
    ['journal:a --json --csv', 'either --json or --csv'],
    ['journal:a --prefix b', '--prefix goes with Redis'],
    ['journal:a --from 2026-02-30', '--from takes a day'],
    ['journal:a --to yesterday', '--to takes a day'],
    ['--journal a', "Unknown option '--journal'"],
  ])('"%s" is wrong, and it says why', (line, message) => {
    const command = readCommand(line.split(' ').filter((word) => word !== ''))
    expect(command).toMatchObject({ kind: 'wrong', message: expect.stringContaining(message) as string })
  })
})
