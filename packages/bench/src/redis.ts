import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CostTracker } from '@wayfare/cost'
import { RedisStore } from '@wayfare/cost/redis'
import { PriceRegistry } from '@wayfare/pricing'
import { Redis } from 'ioredis'
import { median } from './compare.ts'
import { model } from './client.ts'
import { providerRequest } from './provider-request.ts'
import type { Row } from './row.ts'
import type { Scale } from './target.ts'

const program = 'redis-server'

/** How long a reservation takes beside the shortest command there is, by the clock; undefined without a server. */
export async function redisFigures({ quick }: Scale): Promise<{ row: Row; notes: readonly string[] } | undefined> {
  if (spawnSync(program, ['--version']).status !== 0) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'bench-redis-'))
  const socket = join(folder, 'redis.sock')
  const options = ['--port', '0', '--unixsocket', socket, '--save', '', '--appendonly', 'no', '--dir', folder]
  const server = spawn(program, options, { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    await new Promise<void>((resolve) => {
      server.stdout.on('data', (text: Buffer) => {
        if (text.includes('eady to accept connections')) resolve()
      })
    })
    return await measured(new Redis(socket), quick ? 500 : 4_000)
  } finally {
    server.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
}

async function measured(client: Redis, times: number): Promise<{ row: Row; notes: readonly string[] }> {
  let trips = 0
  let last: string[] = []
  const counted = {
    call: (command: string, ...args: string[]) => {
      trips++
      last = args
      return client.call(command, ...args)
    },
  }
  const tracker = new CostTracker({
    store: new RedisStore(counted),
    pricing: new PriceRegistry(),
    limits: {
      global: { hard: 1e6 },
      session: { hard: 1e6 },
      agent: { hard: 1e6 },
      providers: { openai: { hard: 1e6 } },
    },
  })
  const request = { ...providerRequest(model), maxOutputTokens: 100 }
  const { signal } = request
  const call = { provider: 'openai', model, session: 'bench:1', agent: 'bench', request, leaseMs: 60_000, signal }
  const took = { ours: [] as number[], INCRBY: [] as number[], nothing: [] as number[], commands: [] as number[] }
  await tracker.reserve({ ...call, attemptId: 'first' })
  const commands = await countCommands(client, () => tracker.reserve({ ...call, attemptId: 'second' }))
  const empty = await load(client, 'return { 1 }')
  const plain = await load(client, `for i = 1, ${commands} do redis.call('HGET', KEYS[1], 'epoch') end return { 1 }`)
  let reserveTrips = 0
  for (let i = -100; i < times; i++) {
    const attemptId = `attempt-${i}`
    const before = trips
    const reserveMs = await timed(() => tracker.reserve({ ...call, attemptId }))
    const [, ...args] = last
    if (i >= 0) reserveTrips += trips - before
    await tracker.void(attemptId)
    const incrementMs = await timed(() => client.call('INCRBY', 'counter', '1'))
    const emptyMs = await timed(() => client.call('EVALSHA', empty, ...args))
    const plainMs = await timed(() => client.call('EVALSHA', plain, ...args))
    if (i < 0) continue
    took.ours.push(reserveMs * 1e6)
    took.INCRBY.push(incrementMs * 1e6)
    took.nothing.push(emptyMs * 1e6)
    took.commands.push(plainMs * 1e6)
  }
  client.disconnect()
  const figures = {
    ours: median(took.ours),
    INCRBY: median(took.INCRBY),
    'a script that does nothing': median(took.nothing),
    'a script of as many commands': median(took.commands),
  }
  const timesAsLong = (name: keyof typeof figures): string => (figures[name] / figures.INCRBY).toFixed(2)
  return {
    row: {
      title: 'reserve in four scopes, Redis behind a socket, one after the other',
      unit: 'ns by the clock (p50)',
      figures,
      goals: [{ to: 'INCRBY', atMost: 1.25 }],
    },
    notes: [
      `Redis: ${(reserveTrips / times).toFixed(2)} round trips for each reservation`,
      `Redis: with the keys and arguments of a reservation, a script that does nothing takes ${timesAsLong('a script that does nothing')} times as long as INCRBY, and one of ${commands} commands, as many as a reservation needs, ${timesAsLong('a script of as many commands')} times`,
    ],
  }
}

/** How many commands the scripts run that a task sends. */
async function countCommands(client: Redis, task: () => unknown): Promise<number> {
  await client.config('RESETSTAT')
  await task()
  const stats = await client.info('commandstats')
  const counts = [...stats.matchAll(/^cmdstat_(\w+).*?calls=(\d+)/gm)]
  const others = ['evalsha', 'eval', 'config', 'info']
  return counts.reduce((sum, [, name = '', calls]) => (others.includes(name) ? sum : sum + Number(calls)), 0)
}

async function load(client: Redis, source: string): Promise<string> {
  return (await client.script('LOAD', source)) as string // the name of the script
}

async function timed(task: () => unknown): Promise<number> {
  const began = performance.now()
  await task()
  return performance.now() - began
}
