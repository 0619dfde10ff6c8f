import { deepEqual, equal, ok } from 'node:assert/strict'
import type { Scope } from '@wayfare/core'
import type { CallScopes, CostStore, ScopeLimit } from '../store.ts'
import { billed, global, limit, order, posting, sums, today } from './orders.ts'
import type { StoreCase } from './suite.ts'

type State = 'reserved' | 'dispatched' | 'settled' | 'voided' | 'freed' | 'charged' | 'refused'

/** One attempt, as it must stand. */
interface Known {
  readonly call: CallScopes
  amount: number
  state: State
  nano: number
}

const hard = { global: 3_000, session: 1_000, agent: 2_000 }
const seeds = [1, 2]

/** Random steps, and after every few the ledger must be what a list of all attempts adds up to. */
export const laws: readonly StoreCase[] = seeds.map((seed) => ({
  title: `whatever happens in whatever order, the ledger is the sum of its attempts, and no limit breaks: seed ${seed}`,
  async run(store) {
    const random = dice(seed)
    const known: Known[] = []
    for (let step = 1; step <= 60; step++) {
      await take(store, known, random)
      if (step % 5 === 0) await check(store, known)
    }
    for (const i of known.keys()) {
      await store.void(name(i))
      await store.settle(name(i), posting(0))
    }
    equal((await sums(store))[1], 0)
  },
}))

async function take(store: CostStore, known: Known[], random: (below: number) => number): Promise<void> {
  const what = random(known.length === 0 ? 4 : 12)
  if (what < 4) return reserve(store, known, random)
  const index = random(known.length)
  const one = known[index]
  if (one === undefined) return
  const id = name(index)
  const lives = one.state === 'reserved' || one.state === 'dispatched'
  if (what < 7) {
    equal(await store.dispatch(id), lives)
    if (lives) one.state = 'dispatched'
  } else if (what < 10) {
    const nano = random(one.amount + 1)
    const counts = lives || one.state === 'freed' || one.state === 'charged'
    equal(await store.settle(id, posting(nano)), counts)
    if (counts) Object.assign(one, { state: 'settled', nano })
  } else {
    equal(await store.void(id), one.state === 'reserved')
    if (one.state === 'reserved') one.state = 'voided'
  }
}

async function reserve(store: CostStore, known: Known[], random: (below: number) => number): Promise<void> {
  const agent = `g${random(3)}`
  const session = `s${random(4)}`
  const call: CallScopes = { agent, session, provider: 'p', model: 'm', tags: { team: `t${random(2)}` } }
  const amount = random(500)
  const limits: readonly ScopeLimit[] = [
    limit(hard.global),
    limit(hard.agent, { kind: 'agent', id: agent }, { window: 'day' }),
    limit(hard.session, { kind: 'session', id: session }, { window: 'month' }),
  ]
  const ends = random(5) === 0
  const id = name(known.length)
  const asked = order(id, amount, { call, limits, leaseMs: ends ? 0 : 3_600_000, calendarAt: today })
  const answer = await store.reserve(asked)
  equal(answer.ok, fits(known, call, amount), `the reservation of ${amount}`)
  const one: Known = { call, amount, state: answer.ok ? 'reserved' : 'refused', nano: 0 }
  known.push(one)
  if (!answer.ok || !ends) return
  if (random(2) === 0) {
    await store.dispatch(id)
    Object.assign(one, { state: 'charged', nano: amount })
  } else one.state = 'freed'
  equal(await store.sweep(), 1)
}

async function check(store: CostStore, known: readonly Known[]): Promise<void> {
  const all = sumOf(known)
  deepEqual(await sums(store), all)
  equal(await billed(store), all[0])
  const last = known.at(-1)?.call
  const each: readonly [Scope, number, (call: CallScopes) => boolean][] = [
    [global, hard.global, () => true],
    [{ kind: 'session', id: last?.session ?? '' }, hard.session, ({ session }) => session === last?.session],
    [{ kind: 'agent', id: last?.agent ?? '' }, hard.agent, ({ agent }) => agent === last?.agent],
  ]
  for (const [scope, most, counts] of each) {
    const [posted, pending] = await sums(store, scope)
    deepEqual([posted, pending], sumOf(known.filter((one) => counts(one.call))))
    ok(posted >= 0 && pending >= 0 && posted + pending <= most)
  }
}

function fits(known: readonly Known[], { agent, session }: CallScopes, amount: number): boolean {
  const used = (some: readonly Known[]): number => sumOf(some).reduce((one, other) => one + other)
  const room = [
    hard.global - used(known),
    hard.agent - used(known.filter((one) => one.call.agent === agent)),
    hard.session - used(known.filter((one) => one.call.session === session)),
  ]
  return amount === 0 || room.every((left) => amount <= left)
}

function sumOf(known: readonly Known[]): readonly [number, number] {
  const pending = known.filter(({ state }) => state === 'reserved' || state === 'dispatched')
  return [known.reduce((sum, { nano }) => sum + nano, 0), pending.reduce((sum, { amount }) => sum + amount, 0)]
}

function name(index: number): string {
  return `id-${index}`
}

/** The same numbers for the same seed. */
function dice(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 48_271) % 2_147_483_647
    return state % below
  }
}
