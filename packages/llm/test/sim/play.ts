import { Router } from '@wayfare/core'
import type { Attempt, Budget, Provider } from '@wayfare/core'
import { CostTracker, MemoryStore } from '@wayfare/cost'
import type { MemoryStoreOptions } from '@wayfare/cost'
import { BreakerLaw } from './breaker-law.ts'
import { WatchedBudget } from './budget.ts'
import { callLaw } from './call-law.ts'
import { SimClock, settle } from './clock.ts'
import { consume } from './consumer.ts'
import type { Calls, Consumed } from './consumer.ts'
import { Dice } from './dice.ts'
import { pricing } from './pricing.ts'
import { SimProvider } from './provider.ts'
import type { Sent } from './provider.ts'
import { RouterClock } from './router-clock.ts'
import type { Scene } from './scene.ts'
import { Shadow } from './shadow.ts'
import { SimStore } from './store.ts'

export interface Played {
  /** Empty when every invariant held. The word before the colon names the invariant. */
  readonly violations: readonly string[]
  /** What happened, in order. */
  readonly log: readonly string[]
  readonly counts: Counts
}

export interface Counts {
  readonly calls: number
  readonly answered: number
  readonly attempts: number
  readonly retries: number
  readonly resets: number
  readonly refusals: number
}

/** Parts to replace by broken ones, to see that they are found out. */
export interface Sabotage {
  readonly router?: (router: Calls) => Calls
  readonly budget?: (budget: Budget) => Budget
  readonly store?: (options: MemoryStoreOptions) => MemoryStore
  readonly clock?: (clock: SimClock) => RouterClock
  readonly provider?: (provider: Provider) => Provider
}

const mostSteps = 50_000

/** Plays a scene to its end, and checks after every step and at rest everything that must hold whatever happens. */
export async function play(scene: Scene, sabotage: Sabotage = {}): Promise<Played> {
  const unhandled: unknown[] = []
  const note = (reason: unknown): void => void unhandled.push(reason)
  process.on('unhandledRejection', note)
  try {
    return await new Stage(scene, sabotage).play(unhandled)
  } finally {
    process.off('unhandledRejection', note)
  }
}

class Stage {
  readonly #scene: Scene
  readonly #clock: SimClock
  readonly #routerClock: RouterClock
  readonly #violations: string[] = []
  readonly #log: string[] = []
  readonly #sent: Sent[] = []
  readonly #lines: Attempt[] = []
  readonly #shadow: Shadow
  readonly #store: SimStore
  readonly #tracker: CostTracker
  readonly #budget: WatchedBudget
  readonly #breakers: BreakerLaw
  readonly #calls: Calls
  #version = -1
  #retries = 0

  constructor(scene: Scene, sabotage: Sabotage) {
    const told = (line: string): void => void this.#log.push(`${this.#clock.now()} ms: ${line}`)
    const violated = (what: string): void => void this.#violations.push(what)
    this.#scene = scene
    this.#clock = new SimClock(scene.seed, new Date(scene.startsAt))
    const clock = this.#clock
    this.#routerClock = sabotage.clock?.(clock) ?? new RouterClock(clock)
    this.#shadow = new Shadow(scene.costs.limits, clock)
    const memory = sabotage.store?.({ clock }) ?? new MemoryStore({ clock })
    this.#store = new SimStore(memory, scene.store, clock, this.#shadow, told)
    this.#tracker = new CostTracker({ ...scene.costs, pricing, clock, store: this.#store })
    this.#breakers = new BreakerLaw(() => clock.now(), violated)
    const budget = sabotage.budget?.(this.#tracker) ?? this.#tracker
    this.#budget = new WatchedBudget(budget, {
      told,
      violated,
      admitted: (id, target) => this.#breakers.admitted(id, target),
      ended: (id) => this.#breakers.ended(id),
    })
    const dice = new Dice(scene.seed + 1)
    const router = new Router({
      providers: scene.providers.map((spec) => {
        const provider = new SimProvider(spec, clock, this.#sent, told)
        return sabotage.provider?.(provider) ?? provider
      }),
      model: { provider: scene.providers[0]?.name ?? '', model: 'm' },
      pricing,
      budget: this.#budget,
      clock: this.#routerClock,
      random: () => dice.random(),
    })
    this.#listen(router, told)
    const calls: Calls = router as unknown as Calls // its overloads are wider than what the consumers use
    this.#calls = sabotage.router?.(calls) ?? calls
  }

  async play(unhandled: readonly unknown[]): Promise<Played> {
    const { calls, world } = this.#scene
    for (const { at, do: what, ms } of world) {
      this.#clock.timer(at, () => {
        this.#log.push(
          `${this.#clock.now()} ms: ${what === 'block' ? 'the event loop is blocked for' : 'the wall clock is set by'} ${ms} ms`,
        )
        if (what === 'block') this.#clock.block(ms)
        else this.#clock.setWall(ms)
      })
    }
    const consumed: (Consumed | undefined)[] = calls.map(() => undefined)
    const all = Promise.all(
      calls.map(async (spec, index) => {
        consumed[index] = await consume(this.#calls, spec, index, this.#clock)
      }),
    )
    let closed = false
    void all
      .then(() => this.#calls.close())
      .then(() => this.#flush())
      .then(
        () => void (closed = true),
        (error: unknown) => void this.#violations.push(`errors: ${String(error)}`),
      )
    await this.#run(() => closed)
    if (!closed && this.#violations.length === 0) {
      const waiting = consumed.flatMap((one, index) => (one === undefined ? [index] : []))
      this.#violations.push(`hangs: nothing is due any more, and calls ${waiting.join()} have not ended`)
    }
    if (this.#violations.length === 0) await this.#atRest(consumed as Consumed[]) // all have ended
    for (const reason of unhandled) this.#violations.push(`errors: nobody handled ${String(reason)}`)
    return { violations: [...new Set(this.#violations)], log: this.#log, counts: this.#counts(consumed) }
  }

  /** Until the store knows all that it was to be told. */
  async #flush(): Promise<void> {
    while ((await this.#tracker.flush()) > 0) await this.#clock.sleep(1_000)
  }

  async #run(isDone: () => boolean): Promise<void> {
    for (let steps = 0; ; steps++) {
      await settle()
      this.#check()
      if (this.#violations.length > 0 || isDone()) return
      if (steps > mostSteps) this.#violations.push(`hangs: ${mostSteps} steps and no end`)
      if (!this.#clock.step()) return
    }
  }

  #check(): void {
    this.#violations.push(...this.#clock.misuses, ...this.#shadow.violations)
    const { asking, unsure } = this.#budget
    // What a lease took away is told to who waits by the late settlement alone.
    const isTold = this.#store.underway === 0 && this.#tracker.unsent === 0
    const isSure = !unsure && !this.#shadow.hasLapsed && isTold
    if (asking > 0 && isSure && this.#shadow.pendingNano === 0)
      this.#violations.push(`hangs: ${asking} calls wait for money, and none is taken up`)
    if (this.#version === this.#shadow.version) return
    this.#version = this.#shadow.version
    this.#shadow.checkLimits()
    this.#shadow.checkFigures((scope) => this.#store.figures(scope))
    this.#violations.push(...this.#shadow.violations)
  }

  async #atRest(consumed: readonly Consumed[]): Promise<void> {
    await this.#letBalancesGo()
    if (this.#routerClock.open > 0) this.#violations.push(`leaks: ${this.#routerClock.open} timers are left`)
    for (const { number, closed, provider } of this.#sent) {
      if (!closed && !provider.deaf) this.#violations.push(`leaks: #${number} of ${provider.name} still waits`)
    }
    const slackMs = this.#slackMs()
    const handled = [...this.#budget.handled]
    for (const [index, one] of consumed.entries()) {
      const sent = this.#sent.filter(({ call }) => call === index)
      const own = handled.filter(([, { call }]) => call === index)
      for (const broken of callLaw({ consumed: one, sent, handled: own, slackMs }))
        this.#violations.push(`${broken} (call ${index})`)
    }
    this.#violations.push(...this.#budget.atRest())
    this.#breakers.checkQuota((provider) => this.#earned(provider))
    await this.#checkBill()
  }

  /** The bill, once every lease has ended. */
  async #checkBill(): Promise<void> {
    const lost = [...this.#budget.handled].filter(([, { settles, voids }]) => settles.tries > 1 || voids.tries > 1)
    if (this.#shadow.pendingNano > 0 && lost.length === 0)
      this.#violations.push(`bill: ${this.#shadow.pendingNano} nano-USD are pending at rest`)
    this.#clock.skipTo(this.#clock.now() + 2 ** 31)
    const { costUsd, pendingUsd } = await this.#tracker.global()
    if (pendingUsd !== 0) this.#violations.push(`bill: ${pendingUsd} USD are pending after every lease`)
    let nano = 0
    for (const [id, { settles }] of this.#budget.handled) {
      const entry = this.#shadow.entries.get(id)
      if (entry?.state === 'charged') {
        nano += entry.amount
        if (settles.acknowledged > 0 || settles.tries === 0)
          this.#violations.push(`bill: ${id} is charged by its lease, and was never sent or was settled`)
      } else {
        const line = this.#lines.find((one) => one.id === id)
        nano += Math.round((line?.costUsd ?? 0) * 1e9)
      }
    }
    if (Math.round(costUsd * 1e9) !== nano)
      this.#violations.push(`bill: the lines come to ${nano} nano-USD, and the tracker says ${costUsd} USD`)
    const { total } = await this.#tracker.report({ by: ['day', 'session'] })
    if (total.costUsd !== costUsd)
      this.#violations.push(`bill: the report says ${total.costUsd}, the tracker ${costUsd}`)
    const ids = this.#lines.map(({ id }) => id)
    if (new Set(ids).size !== ids.length) this.#violations.push('bill: an attempt was told twice')
  }

  /** A balance that was asked for belongs to no call, and is waited for a little longer. */
  async #letBalancesGo(): Promise<void> {
    if (!this.#scene.providers.some(({ balance }) => balance !== undefined)) return
    for (let steps = 0; steps < 100 && this.#routerClock.open > 0 && this.#clock.step(); steps++) await settle()
  }

  #listen(router: Router, told: (line: string) => void): void {
    const { overbills } = {
      overbills: new Set(this.#scene.providers.filter((one) => one.overbills).map(({ name }) => name)),
    }
    router.on('attempt', (line) => {
      this.#lines.push(line)
      this.#breakers.told(`${line.provider}/${line.model}`, line.outcome === 'ok')
      const end = line.outcome === 'ok' ? 'answered' : `failed: ${line.kind}`
      told(`${line.id} at ${line.provider}/${line.model} ${end}, ${line.costUsd} USD, billed ${line.billed}`)
    })
    router.on('retry', ({ target, error, waitMs }) => {
      this.#retries++
      this.#breakers.retried(target.provider, error.kind)
      told(`${target.provider}/${target.model} is tried again in ${Math.round(waitMs)} ms`)
    })
    router.on('breaker', (event) => {
      told(`the circuit of ${event.key} is ${event.state}`)
      this.#breakers.changed(event)
    })
    router.on('budget_overrun', ({ attemptId, reservedUsd, costUsd }) => {
      const provider = this.#budget.handled.get(attemptId)?.request.provider ?? ''
      const entry = this.#shadow.entries.get(attemptId)
      // Of a model without a price nobody can say what it may cost.
      if (overbills.has(provider) || entry?.amount === 1) return
      this.#violations.push(`overrun: ${attemptId} costs ${costUsd} USD, and ${reservedUsd} USD were reserved`)
    })
  }

  /** What came back into the purse of a provider: at most one for each answer, and all that its own retries took. */
  #earned(provider: string): number {
    const answers = this.#lines.filter((line) => line.provider === provider && line.outcome === 'ok')
    let earned = 0
    for (const { id } of answers) {
      const call = this.#budget.handled.get(id)?.call
      const tries = this.#lines.filter(
        (line) => line.provider === provider && this.#budget.handled.get(line.id)?.call === call,
      )
      earned += 1 + 10 * tries.length
    }
    return earned
  }

  #slackMs(): number {
    const { delaysMs, faults } = this.#scene.store
    const slowest = Math.max(0, ...delaysMs)
    const operations = 4 * (this.#budget.handled.size + 4)
    return this.#clock.blockedMs + operations * slowest + faults.length * 200
  }

  #counts(consumed: readonly (Consumed | undefined)[]): Counts {
    return {
      calls: consumed.length,
      answered: consumed.filter((one) => one?.response !== undefined).length,
      attempts: this.#sent.length,
      retries: this.#retries,
      resets: consumed.reduce((sum, one) => sum + (one?.law.segments.length ?? 1) - 1, 0),
      refusals: [...this.#budget.handled.values()].filter(({ refused }) => refused).length,
    }
  }
}
