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
  const reserve = (attemptId: string): unknown => tracker.reserve({ ...call, attemptId })
  await reserve('first')
  const commands = await commandsAlone(client, socket, () => reserve('second'))
  const told = last
  const empty = await load(client, 'return { 1 }')
  const alone = await load(client, `${commands.join('\n')}\nreturn { 1 }`)
  const cases: Readonly<Record<string, (id: string) => unknown>> = {
    ours: reserve,
    // The id is the last argument but one.
    'its script alone': (id) => client.call('EVALSHA', ...told.slice(0, -2), JSON.stringify(id), ...told.slice(-1)),
    'its commands alone': () => client.call('EVALSHA', alone, ...told.slice(1)),
    'a script that does nothing': () => client.call('EVALSHA', empty, ...told.slice(1)),
    INCRBY: () => client.call('INCRBY', 'counter', '1'),
  }
  const took = new Map(Object.keys(cases).map((name) => [name, [] as number[]]))
  let reserveTrips = 0
  for (let i = -100; i < times; i++) {
    for (const [name, task] of Object.entries(cases)) {
      const id = `${name} ${i}`
      const before = trips
      const ms = await timed(() => task(id))
      if (i >= 0) took.get(name)!.push(ms * 1e6)
      if (i >= 0 && name === 'ours') reserveTrips += trips - before
      if (name === 'ours' || name === 'its script alone') await tracker.void(id)
    }
  }
  const figures = Object.fromEntries([...took].map(([name, all]) => [name, median(all)]))
  const busy: string[] = []
  for (const [name, task] of Object.entries(cases))
    busy.push(`${name} ${await serverUs(client, (i) => task(`${name}, busy ${i}`))}`)
  client.disconnect()
  return {
    row: {
      title: 'reserve in four scopes, Redis behind a socket, one after the other',
      unit: 'ns by the clock (p50)',
      figures,
      goals: [{ to: 'INCRBY', atMost: 1.25 }],
      least: 'its commands alone',
    },
    notes: [
      `Redis: ${(reserveTrips / times).toFixed(2)} round trips for each reservation`,
      `Redis: all but INCRBY have the keys and arguments of a reservation; its script alone is sent without what the tracker and the store do first, and its commands alone are the ${commands.length} that the script runs, word for word, without what it computes between them`,
      `Redis: how long the server itself is busy, in us: ${busy.join(', ')}`,
    ],
  }
}

/** How long the server is busy with what a task sends, in microseconds. */
async function serverUs(client: Redis, task: (i: number) => unknown): Promise<string> {
  const times = 300
  await client.config('RESETSTAT')
  for (let i = 0; i < times; i++) await task(i)
  const stats = await client.info('commandstats')
  const sent = /cmdstat_(?:evalsha|incrby):.*usec=(\d+)/.exec(stats)?.[1]
  return (Number(sent) / times).toFixed(1)
}

async function load(client: Redis, source: string): Promise<string> {
  return (await client.script('LOAD', source)) as string // the name of the script
}

async function timed(task: () => unknown): Promise<number> {
  const began = performance.now()
  await task()
  return performance.now() - began
}
