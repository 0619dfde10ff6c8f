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
  const counted = {
    call: (command: string, ...args: string[]) => {
      trips++
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
  const took = { ours: [] as number[], INCRBY: [] as number[] }
  let reserveTrips = 0
  for (let i = -100; i < times; i++) {
    const attemptId = `attempt-${i}`
    const before = trips
    const [reserveMs] = await timed(() => tracker.reserve({ ...call, attemptId }))
    if (i >= 0) reserveTrips += trips - before
    await tracker.void(attemptId)
    const [incrementMs] = await timed(() => client.call('INCRBY', 'counter', '1'))
    if (i < 0) continue
    took.ours.push(reserveMs * 1e6)
    took.INCRBY.push(incrementMs * 1e6)
  }
  client.disconnect()
  const figures = { ours: median(took.ours), INCRBY: median(took.INCRBY) }
  return {
    row: {
      title: 'reserve in four scopes, Redis behind a socket, one after the other',
      unit: 'ns by the clock (p50)',
      figures,
      goals: [{ to: 'INCRBY', atMost: 1.25 }],
    },
    notes: [`Redis: ${(reserveTrips / times).toFixed(2)} round trips for each reservation`],
  }
}

async function timed(task: () => unknown): Promise<[number]> {
  const began = performance.now()
  await task()
  return [performance.now() - began]
}
