import type { ModelTarget } from './contract/model.ts'
import type { ChatEvent } from './contract/response.ts'
import { Channel, put } from './channel.ts'
import type { Engine } from './engine.ts'
import { LLMError } from './error.ts'
import { Guard } from './guard.ts'
import { arrive, launch, outrun, record } from './lane.ts'
import type { Lane } from './lane.ts'
import { openTargets } from './next.ts'
import { keyOf, providerNamed } from './reference.ts'
import type { ResolvedCall } from './resolve.ts'
import { generalRules, targetOf } from './rules.ts'
import { buyTicket, giveBack, raise } from './ticket.ts'
import type { Ticket } from './ticket.ts'
import type { EventSink } from './run.ts'
import type { Trail } from './trail.ts'

type Batch = readonly ChatEvent[]

/** Whether a second attempt may join the next one: once per call, in time, and before anything was shown. */
export function mayHedge({ call }: ResolvedCall, trail: Trail): boolean {
  return (
    call.hedge !== undefined &&
    !trail.hedged &&
    trail.partial === undefined &&
    call.hedge.afterMs < trail.alarm.restMs()
  )
}

/** A lane in the race. */
interface Racer {
  readonly lane: Lane
  readonly events: Channel<Batch>
  /** The pull that will say whether its answer begins; undefined is its end. */
  pull: Promise<Batch | undefined> | undefined
  pulled: boolean
}

/** One attempt, and a second one beside it when the first has brought nothing in time. */
export class Hedge {
  readonly #engine: Engine
  readonly #resolved: ResolvedCall
  readonly #trail: Trail
  readonly #out: EventSink
  readonly #underWay = new Set<Racer>()
  /** What is on its way out. */
  readonly #leaving: Promise<void>[] = []
  /** The lane whose output is shown. */
  #chosen: Lane | undefined

  constructor(engine: Engine, resolved: ResolvedCall, trail: Trail, out: EventSink) {
    this.#engine = engine
    this.#resolved = resolved
    this.#trail = trail
    this.#out = out
  }

  /** Returns the lane that decided the turn: the one whose answer began first, or else the one that failed last. */
  async race(first: Lane): Promise<Lane> {
    try {
      const one = await this.#open(first)
      const second = await this.#secondBeside(one, pullOf(one))
      if (second === undefined) return await this.#goOn(one)
      return await this.#both(one, await this.#open(second))
    } finally {
      await this.#close()
    }
  }

  async #open(lane: Lane): Promise<Racer> {
    const events = new Channel<Batch>((out) => lane.attempt.run(lane.opening, out))
    const racer: Racer = { lane, events, pull: undefined, pulled: false }
    this.#underWay.add(racer)
    await put(this.#out, (await nextOf(events)) ?? [])
    return racer
  }

  async #both(one: Racer, two: Racer): Promise<Lane> {
    // What was answered while the reader looked at the second opening need not be asked again.
    const racers = one.pulled ? [one] : [one, two]
    const { racer, batch } = await Promise.race(racers.map(result))
    const rival = racer === two ? one : two
    const { lane } = racer
    // A tool that ran at the vendor's is an answer of a kind, though the rest broke: nobody may ask for it again.
    if (batch !== undefined || lane.attempt.fold.sideEffect) {
      this.#lose(rival)
      return this.#goOn(racer)
    }
    this.#underWay.delete(racer)
    record(this.#engine, this.#resolved, this.#trail, lane)
    const { error } = lane.attempt
    // What cuts the call ends both, and is told once.
    if (error !== undefined && this.#trail.guard.reason === undefined) {
      this.#trail.errors.push(error)
      await put(this.#out, [{ type: 'attempt_failed', attempt: lane.number, error }])
    }
    return this.#goOn(rival)
  }

  async #goOn(racer: Racer): Promise<Lane> {
    const { lane, events } = racer
    this.#chosen = lane
    for (let batch = await pullOf(racer); batch !== undefined; batch = await nextOf(events)) await put(this.#out, batch)
    this.#underWay.delete(racer)
    return lane
  }

  /** Cancels it at once; nobody waits for it before the other one has ended. */
  #lose(racer: Racer): void {
    this.#underWay.delete(racer)
    this.#leaving.push(this.#overtake(racer))
    this.#trail.returnTurn(keyOf(racer.lane.ticket.target))
  }

  /** Resolves when its connection is closed and its bill is settled. */
  async #overtake(racer: Racer): Promise<void> {
    await quit(racer, new LLMError('cancelled', 'another attempt of the call answered first', { code: outrun }))
    record(this.#engine, this.#resolved, this.#trail, racer.lane)
  }

  /** Starts another attempt when the first one has brought nothing in time, there is a target, and money for it. */
  async #secondBeside({ lane }: Racer, pull: Promise<unknown>): Promise<Lane | undefined> {
    const engine = this.#engine
    const trail = this.#trail
    const target = (await this.#isLate(pull)) ? this.#nextTarget() : undefined
    if (target === undefined) return undefined
    trail.hedged = true
    trail.takeTurn(keyOf(target))
    const provider = providerNamed(engine.providers, target.provider)
    const guard = new Guard()
    // Async, so that a refusal at once is a rejection as a later one is.
    const buy = async (): Promise<Ticket> => buyTicket(engine, this.#resolved, trail, target, provider, guard)
    const buying = buy()
    const bought = await Promise.race([pull.then(noop), buying.catch(noop)])
    if (bought !== undefined) return launch(engine, this.#resolved, trail, bought, raise(engine, bought), 0)
    trail.returnTurn(keyOf(target))
    guard.cut(new LLMError('cancelled', `the attempt at ${keyOf(lane.ticket.target)} ended first`))
    this.#leaving.push(buying.then((ticket) => giveBack(engine, trail, ticket), noop))
    return undefined
  }

  async #isLate(pull: Promise<unknown>): Promise<boolean> {
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
    await Promise.all([...this.#leaving, ...left.map((racer) => quit(racer, reason))])
    for (const { lane } of left) if (lane !== this.#chosen) record(this.#engine, this.#resolved, this.#trail, lane)
    if (this.#chosen !== undefined) arrive(this.#engine, this.#resolved, this.#trail, this.#chosen)
  }
}

function nextOf(events: Channel<Batch>): Promise<Batch | undefined> {
  return new Promise((resolve) => events.take(resolve))
}

/** Asks once. */
function pullOf(racer: Racer): Promise<Batch | undefined> {
  if (racer.pull === undefined) {
    racer.pull = nextOf(racer.events)
    void racer.pull.then(() => (racer.pulled = true))
  }
  return racer.pull
}

async function result(racer: Racer): Promise<{ readonly racer: Racer; readonly batch: Batch | undefined }> {
  return { racer, batch: await pullOf(racer) }
}

/** Ends an attempt in the midst of whatever it does. */
async function quit({ lane, events }: Racer, reason: LLMError): Promise<void> {
  lane.ticket.guard.cut(reason)
  await events.leave()
}

function noop(): undefined {}
