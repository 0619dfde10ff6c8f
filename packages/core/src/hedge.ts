import type { ModelTarget } from './contract/model.ts'
import type { ChatEvent } from './contract/response.ts'
import type { Engine } from './engine.ts'
import { LLMError } from './error.ts'
import { Guard } from './guard.ts'
import { arrive, launch, overtake, quit, record } from './lane.ts'
import type { Lane } from './lane.ts'
import { openTargets } from './next.ts'
import { keyOf, providerNamed } from './reference.ts'
import type { ResolvedCall } from './resolve.ts'
import { generalRules, targetOf } from './rules.ts'
import { buyTicket, giveBack, raise } from './ticket.ts'
import type { Trail } from './trail.ts'

type Batch = readonly ChatEvent[]
type Pulled = IteratorResult<Batch, void>

/** Whether a second attempt may join the next one: once per call, in time, and before anything was shown. */
export function mayHedge({ call }: ResolvedCall, trail: Trail): boolean {
  return call.hedge !== undefined && !trail.hedged && trail.partial === undefined && call.hedge.afterMs < trail.restMs()
}

/** A lane whose answer has not begun, and the pull that will say whether it does. */
interface Runner {
  readonly lane: Lane
  readonly pull: Promise<Pulled>
  settled: boolean
}

/** One attempt, and a second one beside it when the first has brought nothing in time. */
export class Hedge {
  readonly #engine: Engine
  readonly #resolved: ResolvedCall
  readonly #trail: Trail
  readonly #underWay = new Set<Lane>()
  /** What is on its way out. */
  readonly #leaving: Promise<void>[] = []
  /** The lane whose output is shown. */
  #chosen: Lane | undefined

  constructor(engine: Engine, resolved: ResolvedCall, trail: Trail) {
    this.#engine = engine
    this.#resolved = resolved
    this.#trail = trail
  }

  /** Returns the lane that decided the turn: the one whose answer began first, or else the one that failed last. */
  async *race(first: Lane): AsyncGenerator<Batch, Lane> {
    try {
      yield* this.#open(first)
      const runner = run(first)
      const second = await this.#secondBeside(runner)
      if (second === undefined) return yield* this.#goOn(first, runner.pull)
      yield* this.#open(second)
      return yield* this.#both(runner, second)
    } finally {
      await this.#close()
    }
  }

  async *#open(lane: Lane): AsyncGenerator<Batch, void> {
    this.#underWay.add(lane)
    const { value } = await lane.events.next()
    yield value ?? []
  }

  async *#both(one: Runner, second: Lane): AsyncGenerator<Batch, Lane> {
    // What was answered while the reader looked at the second opening need not be asked again.
    const runners = one.settled ? [one] : [one, run(second)]
    const { lane, pulled } = await Promise.race(runners.map(result))
    const rival = lane === second ? one.lane : second
    // A tool that ran at the vendor's is an answer of a kind, though the rest broke: nobody may ask for it again.
    if (!pulled.done || lane.attempt.fold.sideEffect) {
      this.#lose(rival)
      return yield* this.#goOn(lane, Promise.resolve(pulled))
    }
    this.#underWay.delete(lane)
    record(this.#engine, this.#resolved, this.#trail, lane)
    const { error } = lane.attempt
    // What cuts the call ends both, and is told once.
    if (error !== undefined && this.#trail.guard.reason === undefined) {
      this.#trail.errors.push(error)
      yield [{ type: 'attempt_failed', attempt: lane.number, error }]
    }
    return yield* this.#goOn(rival, runners.find((runner) => runner.lane === rival)?.pull ?? rival.events.next())
  }

  async *#goOn(lane: Lane, pull: Promise<Pulled>): AsyncGenerator<Batch, Lane> {
    this.#chosen = lane
    const pulled = await pull
    if (!pulled.done) {
      yield pulled.value
      yield* lane.events
    }
    this.#underWay.delete(lane)
    return lane
  }

  /** Cancels it at once; nobody waits for it before the other one has ended. */
  #lose(lane: Lane): void {
    this.#underWay.delete(lane)
    this.#leaving.push(overtake(this.#engine, this.#resolved, this.#trail, lane))
    this.#trail.returnTurn(keyOf(lane.target))
  }

  /** Starts another attempt when the first one has brought nothing in time, there is a target, and money for it. */
  async #secondBeside({ lane, pull }: Runner): Promise<Lane | undefined> {
    const engine = this.#engine
    const trail = this.#trail
    const target = (await this.#isLate(pull)) ? this.#nextTarget() : undefined
    if (target === undefined) return undefined
    trail.hedged = true
    trail.takeTurn(keyOf(target))
    const provider = providerNamed(engine.providers, target.provider)
    const guard = new Guard()
    const buying = buyTicket(engine, this.#resolved, trail, target, provider, guard)
    const bought = await Promise.race([pull.then(noop), buying.catch(noop)])
    if (bought !== undefined) return launch(engine, this.#resolved, trail, bought, raise(engine, bought), 0)
    trail.returnTurn(keyOf(target))
    guard.cut(new LLMError('cancelled', `the attempt at ${keyOf(lane.target)} ended first`))
    this.#leaving.push(buying.then((ticket) => giveBack(engine, ticket), noop))
    return undefined
  }

  async #isLate(pull: Promise<Pulled>): Promise<boolean> {
    const afterMs = this.#resolved.call.hedge?.afterMs ?? Infinity
    let timer: { clear(): void } | undefined
    const late = new Promise<boolean>((resolve) => {
      timer = this.#engine.clock.timer(afterMs, () => resolve(true))
    })
    try {
      return await Promise.race([pull.then(() => false), late])
    } finally {
      timer?.clear()
    }
  }

  #nextTarget(): ModelTarget | undefined {
    const { group, rules, primary } = this.#resolved
    const spare = [
      ...group.slice(1).map((member) => member.target),
      ...generalRules(rules).map((rule) => targetOf(rule, primary)),
    ]
    const target = openTargets(this.#engine, this.#resolved, this.#trail, spare)[0]
    return target !== undefined && this.#engine.breakers.admit(target).ok ? target : undefined
  }

  /** The bill of the one that was chosen is written last. */
  async #close(): Promise<void> {
    const left = [...this.#underWay]
    const reason = new LLMError('cancelled', 'the stream was left before its end')
    await Promise.all([...this.#leaving, ...left.map((lane) => quit(lane, reason))])
    for (const lane of left) if (lane !== this.#chosen) record(this.#engine, this.#resolved, this.#trail, lane)
    if (this.#chosen !== undefined) arrive(this.#engine, this.#resolved, this.#trail, this.#chosen)
  }
}

function run(lane: Lane): Runner {
  const runner: Runner = { lane, pull: lane.events.next(), settled: false }
  void runner.pull.then(() => (runner.settled = true))
  return runner
}

async function result({ lane, pull }: Runner): Promise<{ readonly lane: Lane; readonly pulled: Pulled }> {
  return { lane, pulled: await pull }
}

function noop(): undefined {}
