import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Pool } from 'pg'

export interface PostgresServer {
  /** What pg connects to. */
  readonly at: string
  connect(connections: number): Pool
  stop(): Promise<void>
}

const url = process.env['DATABASE_URL']
const programs = folderOfPrograms()

export const hasPostgres: boolean = url !== undefined || programs !== undefined

/** A server of one's own behind a socket, or the one of DATABASE_URL, of which the tables `wayfare_*` are emptied. */
export async function startPostgres(): Promise<PostgresServer> {
  if (url !== undefined) return { at: url, connect: pooled(url), stop: async () => {} }
  if (programs === undefined) throw new Error('there is no PostgreSQL; install postgresql, or set DATABASE_URL')
  const folder = mkdtempSync(join(tmpdir(), 'wayfare-postgres-'))
  const data = join(folder, 'data')
  const [program, ...before] = unprivileged(folder)
  const at = `postgresql://postgres@localhost/postgres?host=${encodeURIComponent(folder)}`
  const initdb = [
    join(programs, 'initdb'),
    '-D',
    data,
    '-U',
    'postgres',
    '-A',
    'trust',
    '--no-sync',
    '--no-instructions',
  ]
  const [first = '', ...rest] = program === undefined ? initdb : [program, ...before, ...initdb]
  execFileSync(first, [...rest, '-E', 'UTF8', '--no-locale'], { stdio: 'ignore' })
  const serve = [
    join(programs, 'postgres'),
    '-D',
    data,
    '-k',
    folder,
    '-c',
    'listen_addresses=',
    '-c',
    'fsync=off',
    '-c',
    'max_connections=60',
  ]
  const [command = '', ...args] = program === undefined ? serve : [program, ...before, ...serve]
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`postgres ended with ${code}`)))
    child.stderr.on('data', (text: Buffer) => {
      if (text.includes('ready to accept connections')) resolve()
    })
  })
  return {
    at,
    connect: pooled(at),
    async stop() {
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGQUIT')
      await gone
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function pooled(at: string): (connections: number) => Pool {
  return (max) => new Pool({ connectionString: at, max })
}

function folderOfPrograms(): string | undefined {
  const base = '/usr/lib/postgresql'
  const versions = existsSync(base) ? readdirSync(base).toSorted((a, b) => Number(b) - Number(a)) : []
  const [newest] = versions.filter((version) => existsSync(join(base, version, 'bin/postgres')))
  return newest === undefined ? undefined : join(base, newest, 'bin')
}

/** PostgreSQL refuses to run as root: then as the user that its package made. */
function unprivileged(folder: string): readonly string[] {
  if (process.getuid?.() !== 0) return []
  chmodSync(folder, 0o777)
  return ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups', '--']
}
