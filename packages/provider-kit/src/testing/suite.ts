import { ok } from 'node:assert/strict'
import { answers } from './answers.ts'
import { breaks } from './breaks.ts'
import { departures } from './departures.ts'
import { figures } from './figures.ts'
import { finishes } from './finishes.ts'
import { listings } from './listings.ts'
import { refusals } from './refusals.ts'
import { requests } from './requests.ts'
import { isAbsent, type OpenProvider, type Sample, type SentRequest, type WireSamples } from './samples.ts'
import type { Scenario, Source } from './scenario.ts'
import { Stage } from './stage.ts'
import { streams } from './streams.ts'
import { toolCalls } from './tool-calls.ts'

/** One scenario, played for one provider. */
export interface ProviderCase {
  readonly name: string
  readonly title: string
  /** Why it cannot be played. */
  readonly skip?: string
  /** Throws an AssertionError where the provider does something else. */
  readonly run: () => Promise<void>
}

/** What the suite needs of a test runner: Vitest, Jest, `node:test`, Bun. */
export interface TestFunction {
  (title: string, run: () => Promise<void>): unknown
  /** Without it, a skipped test is declared as an empty one. */
  readonly skip?: (title: string, run: () => Promise<void>) => unknown
}

export interface ProviderSuite {
  readonly provider: OpenProvider
  readonly wire: WireSamples
  /** Milliseconds after which something that should happen never will. Default 5,000. */
  readonly patienceMs?: number | undefined
}

const scenarios: readonly Scenario[] = [
  ...answers,
  ...toolCalls,
  ...figures,
  ...finishes,
  ...streams,
  ...breaks,
  ...refusals,
  ...departures,
  ...requests,
  ...listings,
]

/** Every scenario for one provider. Throws for a sample that no scenario plays. */
export function providerCases({ provider, wire, patienceMs = 5_000 }: ProviderSuite): readonly ProviderCase[] {
  const known = new Set(scenarios.map(({ name }) => name))
  for (const name of [...Object.keys(wire.answers), ...Object.keys(wire.requests)])
    ok(known.has(name), `there is a sample "${name}" of ${wire.name}, but no scenario of that name`)
  return scenarios.map((scenario) => {
    const skip = skipped(scenario, wire)
    return {
      name: scenario.name,
      title: `${wire.name} ${scenario.name}: ${scenario.title}`,
      ...(skip !== undefined && { skip }),
      run: () => run(scenario, wire, new Stage(wire, provider, patienceMs)),
    }
  })
}

/**
 * Declares a test for each scenario. What has no sample is skipped, with the reason in its title. A known failure, by the
 * scenario's name and with its reason, must really fail.
 */
export function testProvider({
  test,
  knownFailures = {},
  ...suite
}: ProviderSuite & {
  readonly test: TestFunction
  readonly knownFailures?: Readonly<Record<string, string>> | undefined
}): void {
  const cases = providerCases(suite)
  for (const name of Object.keys(knownFailures))
    ok(
      cases.some((one) => one.name === name && one.skip === undefined),
      `"${name}" is a known failure, but no scenario that is played`,
    )
  for (const { name, title, skip, run: play } of cases) {
    const failure = knownFailures[name]
    if (skip !== undefined) {
      const declare = test.skip ?? test
      declare(`${title} (skipped: ${skip})`, () => Promise.resolve())
    } else if (failure === undefined) test(title, play)
    else test(`${title} (known failure: ${failure})`, () => fails(play, name))
  }
}

async function fails(play: () => Promise<void>, name: string): Promise<void> {
  const failed = await play().then(
    () => false,
    () => true,
  )
  ok(failed, `${name} passes by now: take it out of knownFailures`)
}

async function run(scenario: Scenario, wire: WireSamples, stage: Stage): Promise<void> {
  await stage.server.open()
  try {
    await scenario.run(stage, sourceOf(scenario, wire))
    await stage.leave()
  } finally {
    await stage.server.close()
  }
}

/** Why a scenario cannot be played with these samples. */
function skipped({ name, from }: Scenario, wire: WireSamples): string | undefined {
  const own = from === 'request' ? wire.requests[name] : wire.answers[name]
  if (own !== undefined) return isAbsent(own) ? own.absent : undefined
  if (from === 'none') return undefined
  if (typeof from === 'string') return 'no sample'
  const origin = wire.answers[from.sample]
  if (origin === undefined) return `no sample "${from.sample}"`
  return isAbsent(origin) ? origin.absent : undefined
}

function sourceOf({ name, from }: Scenario, wire: WireSamples): Source {
  return {
    get sample(): Sample {
      const origin = typeof from === 'object' ? from.sample : 'text'
      const sample = wire.answers[name] ?? wire.answers[origin]
      ok(sample !== undefined && !isAbsent(sample), `${wire.name} has no sample "${origin}"`)
      return sample
    },
    get sent(): SentRequest {
      const request = wire.requests[name]
      ok(request !== undefined && !isAbsent(request), `${wire.name} has no request "${name}"`)
      return request
    },
  }
}
