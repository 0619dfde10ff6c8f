import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CostTracker } from '@wayfare/cost'
import { RedisStore } from '@wayfare/cost/redis'
import { PriceRegistry } from '@wayfare/pricing'
import { Redis } from 'ioredis'
import { commandsAlone } from './commands-alone.ts'
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
    return await measured(new Redis(socket), socket, quick ? 500 : 4_000)
  } finally {
    server.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
}

async function measured(client: Redis, socket: string, times: number): Promise<{ row: Row; notes: readonly string[] }> {
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
  const took = { ours: [] as number[], INCRBY: [] as number[], nothing: [] as number[], alone: [] as number[] }
  await tracker.reserve({ ...call, attemptId: 'first' })
  const commands = await commandsAlone(client, socket, () => tracker.reserve({ ...call, attemptId: 'second' }))
  const empty = await load(client, 'return { 1 }')
  const alone = await load(client, `${commands.join('\n')}\nreturn { 1 }`)
  let reserveTrips = 0
  let args: string[] = []
  const increment = (): unknown => client.call('INCRBY', 'counter', '1')
  for (let i = -100; i < times; i++) {
    const attemptId = `attempt-${i}`
    const before = trips
    const reserveMs = await timed(() => tracker.reserve({ ...call, attemptId }))
    args = last.slice(1)
    if (i >= 0) reserveTrips += trips - before
    await tracker.void(attemptId)
    const incrementMs = await timed(increment)
    const emptyMs = await timed(() => client.call('EVALSHA', empty, ...args))
    const aloneMs = await timed(() => client.call('EVALSHA', alone, ...args))
    if (i < 0) continue
    took.ours.push(reserveMs * 1e6)
    took.INCRBY.push(incrementMs * 1e6)
    took.nothing.push(emptyMs * 1e6)
    took.alone.push(aloneMs * 1e6)
  }
  const busy = {
    ours: await serverUs(client, 'evalsha', (i) => tracker.reserve({ ...call, attemptId: `last-${i}` })),
    alone: await serverUs(client, 'evalsha', () => client.call('EVALSHA', alone, ...args)),
    INCRBY: await serverUs(client, 'incrby', increment),
  }
  client.disconnect()
  const figures = {
    ours: median(took.ours),
    INCRBY: median(took.INCRBY),
    'a script that does nothing': median(took.nothing),
    'the commands alone': median(took.alone),
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
      `Redis: with the keys and arguments of a reservation, a script that does nothing takes ${timesAsLong('a script that does nothing')} times as long as INCRBY; one that runs the ${commands.length} commands of a reservation, word for word and without what is computed between them, ${timesAsLong('the commands alone')} times`,
      `Redis: the server itself is busy for ${busy.ours.toFixed(1)} us with a reservation, ${busy.alone.toFixed(1)} us with its commands alone, ${busy.INCRBY.toFixed(1)} us with INCRBY; the rest is the way there and back, and the client`,
    ],
  }
}

/** How long the server is busy with a command, in microseconds. */
async function serverUs(client: Redis, command: string, task: (i: number) => unknown): Promise<number> {
  await client.config('RESETSTAT')
  for (let i = 0; i < 300; i++) await task(i)
  const stats = await client.info('commandstats')
  return Number(new RegExp(`cmdstat_${command}:.*usec_per_call=([0-9.]+)`).exec(stats)?.[1])
}

async function load(client: Redis, source: string): Promise<string> {
  return (await client.script('LOAD', source)) as string // the name of the script
}

async function timed(task: () => unknown): Promise<number> {
  const began = performance.now()
  await task()
  return performance.now() - began
}
