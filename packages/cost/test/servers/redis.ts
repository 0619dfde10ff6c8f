import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'

export interface RedisServer {
  /** What ioredis connects to: an address, or the path of a socket. */
  readonly at: string
  connect(): Redis
  /** Lets nobody in and answers nothing, until it is woken. */
  pause(): void
  resume(): void
  stop(): Promise<void>
}

const program = 'redis-server'
const url = process.env['REDIS_URL']

export const hasRedis: boolean = url !== undefined || spawnSync(program, ['--version']).status === 0

/** A server of one's own behind a socket, or the one of REDIS_URL, which cannot be paused. */
export async function startRedis(): Promise<RedisServer> {
  if (url !== undefined)
    return { at: url, connect: () => new Redis(url), pause: () => {}, resume: () => {}, stop: async () => {} }
  const folder = mkdtempSync(join(tmpdir(), 'wayfare-redis-'))
  const socket = join(folder, 'redis.sock')
  const child = spawn(
    program,
    ['--port', '0', '--unixsocket', socket, '--save', '', '--appendonly', 'no', '--dir', folder],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`${program} ended with ${code}`)))
    child.stdout.on('data', (text: Buffer) => {
      if (text.includes('eady to accept connections')) resolve()
    })
  })
  return {
    at: socket,
    connect: () => new Redis(socket),
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    async stop() {
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGKILL')
      await gone
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
