import { drawScene } from './draw.ts'
import { play } from './play.ts'
import type { Counts, Played, Sabotage } from './play.ts'
import type { Scene } from './scene.ts'
import { shrink } from './shrink.ts'

export interface Failure {
  readonly seed: number
  readonly scene: Scene
  readonly played: Played
}

export interface Searched {
  readonly seeds: number
  readonly failures: readonly Failure[]
  readonly counts: Counts
}

export interface SearchOptions {
  readonly from: number
  readonly seeds: number
  readonly sabotage?: Sabotage | undefined
  /** Stops after so many failures. Default 1. */
  readonly mostFailures?: number | undefined
  /** How many smaller scenes are tried for each. Default 2,000. */
  readonly mostShrinks?: number | undefined
  readonly onSeed?: ((seed: number) => void) | undefined
}

const none: Counts = { calls: 0, answered: 0, attempts: 0, retries: 0, resets: 0, refusals: 0 }

/** Plays one seed after another, and makes those that fail smaller. */
export async function search(options: SearchOptions): Promise<Searched> {
  const { from, seeds, mostFailures = 1, onSeed } = options
  const failures: Failure[] = []
  let counts = none
  let seed = from
  for (; seed < from + seeds && failures.length < mostFailures; seed++) {
    const scene = drawScene(seed)
    const played = await play(scene, options.sabotage)
    counts = sum(counts, played.counts)
    if (played.violations.length > 0) failures.push(await smallest(seed, scene, played, options))
    onSeed?.(seed)
  }
  return { seeds: seed - from, failures, counts }
}

/** The invariant that was broken, without what was seen. */
export function invariantOf(violation: string): string {
  return violation.slice(0, violation.indexOf(':'))
}

/** What failed and how, and how to see it again. */
export function describeFailure({ seed, scene, played }: Failure): string {
  return [
    `seed ${seed} breaks what must hold:`,
    ...played.violations.map((violation) => `  ${violation}`),
    'what happened, in the smallest scene that fails in the same way:',
    ...played.log.map((line) => `  ${line}`),
    'the scene:',
    JSON.stringify(scene),
    `replay: pnpm sim --seed ${seed}`,
    `replay the smaller scene: save it to a file, and pnpm sim --scene <file>`,
  ].join('\n')
}

async function smallest(seed: number, scene: Scene, played: Played, options: SearchOptions): Promise<Failure> {
  const { sabotage, mostShrinks = 2_000 } = options
  const invariant = invariantOf(played.violations[0]!)
  const again = async (candidate: Scene): Promise<Played | undefined> => {
    try {
      const result = await play(candidate, sabotage)
      return result.violations.some((violation) => invariantOf(violation) === invariant) ? result : undefined
    } catch {
      // A scene that cannot be set is not the failure that is looked for.
      return undefined
    }
  }
  const small = await shrink(scene, async (candidate) => (await again(candidate)) !== undefined, mostShrinks)
  return { seed, scene: small, played: (await again(small)) ?? played }
}

function sum(a: Counts, b: Counts): Counts {
  return {
    calls: a.calls + b.calls,
    answered: a.answered + b.answered,
    attempts: a.attempts + b.attempts,
    retries: a.retries + b.retries,
    resets: a.resets + b.resets,
    refusals: a.refusals + b.refusals,
  }
}
