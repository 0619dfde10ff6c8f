import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CostTracker, type Spend } from '../src/index.ts'
import { long } from './long.ts'
import { ask, cost, FakeClock, milliPerToken } from './setup.ts'

type Step =
  | {
      readonly do: 'reserve'
      readonly milli: number
      readonly session: number
      readonly agent: number
      readonly tag: number
    }
  | { readonly do: 'dispatch'; readonly which: number }
  | { readonly do: 'void'; readonly which: number }
  | { readonly do: 'settle'; readonly which: number; readonly share: number; readonly unpriced: boolean }
  | { readonly do: 'wait'; readonly ms: number }

const small = fc.nat({ max: 3 })
const which = fc.nat({ max: 30 })
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('reserve' as const),
      milli: fc.integer({ min: 0, max: 400 }),
      session: small,
      agent: small,
      tag: small,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('dispatch' as const), which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('void' as const), which }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('settle' as const),
      which,
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      unpriced: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(1, 500, 30_000) }) },
)

const limits = {
  global: { hard: 3 },
  session: { hard: 1 },
  agent: { hard: 2, soft: 1 },
  models: { 'p/m': { hard: 2.5 } },
  tags: { team: { '*': { hard: 1.5 } } },
}
const hardOf = { global: 3, session: 1, agent: 2 }

/** What the ledger must come to: written so simply that it can be believed. */
interface Known {
  readonly milli: number
  readonly session: string
  readonly agent: string
  state: 'reserved' | 'dispatched' | 'settled' | 'voided' | 'freed' | 'charged'
  deadline: number
  nano: number
}

test('whatever happens in whatever order, the ledger says what was reserved, charged and freed, and no limit breaks', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 80 }), async (steps) => {
      const clock = new FakeClock()
      const tracker = new CostTracker({ clock, limits, pricing: milliPerToken })
      const known: Known[] = []
      const name = (i: number) => `id-${i}`
      const expire = () => {
        for (const one of known) {
          if (one.deadline > clock.ms) continue
          if (one.state === 'reserved') one.state = 'freed'
          if (one.state === 'dispatched') {
            one.state = 'charged'
            one.nano = one.milli * 1e6
          }
        }
      }
      for (const taken of steps) {
        expire()
        if (taken.do === 'wait') clock.ms += taken.ms
        else if (taken.do === 'reserve') {
          const session = `s${taken.session}`
          const agent = `g${taken.agent}`
          const request = {
            ...ask(taken.milli / 1000),
            attemptId: name(known.length),
            session,
            agent,
            tags: { team: `t${taken.tag}` },
            leaseMs: 20_000,
          }
          const before = await tracker.global()
          const result = await tracker.reserve(request)
          const state = result.ok ? 'reserved' : 'voided'
          if (!result.ok) await isUnchanged(tracker, before)
          known.push({ milli: taken.milli, session, agent, state, deadline: clock.ms + 20_000, nano: 0 })
        } else if (known.length > 0) {
          const i = taken.which % known.length
          const one = known[i] as Known
          if (taken.do === 'settle') {
            const nano = Math.floor(one.milli * taken.share * 1e6)
            await tracker.settle(name(i), cost(taken.unpriced ? undefined : nano / 1e9))
            if (one.state !== 'settled' && one.state !== 'voided') {
              one.state = 'settled'
              one.nano = taken.unpriced ? 0 : nano
            }
          } else if (taken.do === 'dispatch') {
            const sent = Promise.resolve().then(() => tracker.dispatch(name(i)))
            if (one.state === 'reserved' || one.state === 'dispatched') {
              await sent
              one.state = 'dispatched'
            } else await expect(sent).rejects.toThrow('is no more')
          } else {
            await tracker.void(name(i))
            if (one.state === 'reserved') one.state = 'voided'
          }
        }
        expire()
        await matches(tracker, known)
      }
      for (const i of known.keys()) {
        await tracker.void(name(i))
        await tracker.settle(name(i), cost(0))
      }
      expect((await tracker.global()).pendingUsd).toBe(0)
    }),
    { numRuns: long ? 1_000 : 40 },
  )
})

async function isUnchanged(tracker: CostTracker, before: Spend): Promise<void> {
  expect(await tracker.global()).toEqual(before)
}

async function matches(tracker: CostTracker, known: readonly Known[]): Promise<void> {
  const under = (state: string) => state === 'reserved' || state === 'dispatched'
  const sum = (some: readonly Known[]) => ({
    costUsd: some.reduce((total, { nano }) => total + nano, 0) / 1e9,
    pendingUsd: some.filter(({ state }) => under(state)).reduce((total, { milli }) => total + milli * 1e6, 0) / 1e9,
  })
  const global = await tracker.global()
  expect(global).toMatchObject(sum(known))
  expect(Math.round((global.costUsd + global.pendingUsd) * 1e9)).toBeLessThanOrEqual(hardOf.global * 1e9)
  expect((await tracker.report({ by: ['day'] })).total.costUsd).toBe(global.costUsd)
  for (const session of new Set(known.map((one) => one.session))) {
    const spent = await tracker.session(session)
    expect(spent).toMatchObject(sum(known.filter((one) => one.session === session)))
    expect(spent.costUsd).toBeGreaterThanOrEqual(0)
    expect(Math.round((spent.costUsd + spent.pendingUsd) * 1e9)).toBeLessThanOrEqual(hardOf.session * 1e9)
  }
  for (const agent of await tracker.agents()) {
    expect(agent).toMatchObject(sum(known.filter((one) => one.agent === agent.agent)))
    expect(Math.round((agent.costUsd + agent.pendingUsd) * 1e9)).toBeLessThanOrEqual(hardOf.agent * 1e9)
  }
}

test('the order in which limits and tags are written decides nothing', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom('a', 'b'), fc.constantFrom('a', 'b'), fc.integer({ min: 1, max: 500 })), {
        maxLength: 30,
      }),
      (calls) => {
        const outcome = (turned: boolean) => {
          const tags = turned
            ? { two: { a: { hard: 0.7 }, b: { hard: 1 } }, one: { b: { hard: 0.9 }, a: { hard: 1.1 } } }
            : { one: { a: { hard: 1.1 }, b: { hard: 0.9 } }, two: { b: { hard: 1 }, a: { hard: 0.7 } } }
          const tracker = new CostTracker({ clock: new FakeClock(), pricing: milliPerToken, limits: { tags } })
          return calls.map(([one, two, milli]) => {
            const result = tracker.reserve(ask(milli / 1000, { tags: turned ? { two, one } : { one, two } }))
            return 'ok' in result && result.ok
          })
        }
        expect(outcome(true)).toEqual(outcome(false))
      },
    ),
    { numRuns: long ? 1_000 : 30 },
  )
})
