import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Calendars } from '../../src/calendar.ts'
import { CostTracker, MemoryStore } from '../../src/index.ts'
import { ask, cost, milliPerToken } from '../setup.ts'
import { BadLine, type Line } from './bad-line.ts'
import { TimedClock } from './timed-clock.ts'

const long = process.env['WAYFARE_LONG'] !== undefined

type Step =
  | { readonly do: 'line'; readonly line: Line }
  | { readonly do: 'reserve'; readonly milli: number }
  /** Another process takes all that is left. */
  | { readonly do: 'rival' }
  | { readonly do: 'end'; readonly how: 'dispatch' | 'settle' | 'void'; readonly which: number; readonly share: number }
  | { readonly do: 'wait'; readonly ms: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('line' as const), line: fc.constantFrom('up', 'down', 'deaf') }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('reserve' as const), milli: fc.integer({ min: 1, max: 40 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('rival' as const) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('end' as const),
      how: fc.constantFrom('dispatch', 'settle', 'void'),
      which: fc.nat({ max: 8 }),
      share: fc.constantFrom(0, 0.5, 1),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.constantFrom(1_000, 60_000, 3_601_000, 7_200_000),
    }),
  },
)

test(`in 'lease', whatever the store does and whenever, no limit breaks, and in the end the bill is what was spent (more: WAYFARE_LONG=1)`, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 50 }), async (steps) => {
      const clock = new TimedClock('2026-03-10T20:00:00Z')
      const memory = new MemoryStore({ clock })
      const store = new BadLine(memory, clock)
      const limits = { global: { hard: 1, window: 'day' as const }, agents: { a: { hard: 3 } } }
      const options = { clock, pricing: milliPerToken, limits }
      const tracker = new CostTracker({ ...options, store, onStoreDown: 'lease' })
      const rival = new CostTracker({ ...options, store: memory })
      const open: { readonly id: string; readonly tracker: CostTracker; readonly milli: number; sent: boolean }[] = []
      let spent = 0
      const holds = () => {
        memory.sweep()
        const { pending = 0, posted = 0 } = memory.figures({ kind: 'global' }) ?? {}
        const today = memory.posted([{ scope: { kind: 'global' }, window: 'day' }], rivalDay)[0] ?? 0
        expect(today + pending).toBeLessThanOrEqual(1e9)
        const agent = memory.figures({ kind: 'agent', id: 'a' })
        expect((agent?.posted ?? 0) + (agent?.pending ?? 0)).toBeLessThanOrEqual(3e9)
        return { posted, pending, left: 1e9 - today - pending }
      }
      const calendars = new Calendars('UTC')
      const rivalDay = (ms: number) => calendars.at(ms)
      const done = async <T>(work: T | Promise<T>): Promise<T | undefined> => {
        let result: T | undefined
        Promise.resolve(work).then(
          (value) => (result = value),
          () => {},
        )
        await clock.pass(2_100)
        return result
      }
      const settle = async (one: (typeof open)[number], share: number) => {
        const usd = Math.floor(one.milli * share) / 1_000
        spent += usd
        await done(one.tracker.settle(one.id, cost(usd)))
      }
      const first = ask(0.001, { session: 'a:1' })
      await done(tracker.reserve(first))
      await done(tracker.void(first.attemptId))
      for (const taken of steps) {
        if (taken.do === 'line') store.line = taken.line
        else if (taken.do === 'wait') await clock.pass(taken.ms)
        else if (taken.do === 'reserve' || taken.do === 'rival') {
          const by = taken.do === 'rival' ? rival : tracker
          const milli = taken.do === 'rival' ? Math.floor(holds().left / 1e6) : taken.milli
          const request = ask(milli / 1_000, { session: 'a:1', leaseMs: 1e8 })
          const result = await done(by.reserve(request))
          if (result?.ok === true) open.push({ id: request.attemptId, tracker: by, milli, sent: false })
          else if (result === undefined) await done(by.void(request.attemptId))
        } else if (open.length > 0) {
          const index = taken.which % open.length
          const one = open[index]!
          if (taken.how === 'dispatch' && !one.sent) {
            let failed = false
            const sent = Promise.resolve().then(() => one.tracker.dispatch(one.id))
            await done(sent.catch(() => (failed = true)))
            one.sent = true
            if (failed) await settle(open.splice(index, 1)[0]!, 0)
          } else if (taken.how === 'settle' && one.sent) await settle(open.splice(index, 1)[0]!, taken.share)
          else if (taken.how === 'void' && !one.sent) await done(open.splice(index, 1)[0]!.tracker.void(one.id))
        }
        holds()
      }
      store.line = 'up'
      for (const one of open) await settle(one, 1)
      for (let i = 0; i < 4; i++) {
        await clock.pass(40_000)
        holds()
      }
      await done(tracker.flush())
      expect([holds(), tracker.unsent, memory.figures({ kind: 'global' })?.attempts]).toMatchObject([
        { posted: Math.round(spent * 1e9), pending: 0 },
        0,
        expect.any(Number),
      ])
    }),
    { numRuns: long ? 2_000 : 40 },
  )
})
