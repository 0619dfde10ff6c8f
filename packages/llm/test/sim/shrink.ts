import type { Scene } from './scene.ts'

/** What a scene can do without. */
const optional: ReadonlySet<string> = new Set(
  `vendor prefill stopsOnAbort tools overbills deaf balance served broken costToo facts retryAfterMs
   billed status comesAfterMs pausesMs width leave responses timed abortedBefore output session agent
   tags maxOutputTokens timeout fallbacks onInterrupt stream reasoning onBudget allowUnpriced global
   sessions agents models soft window totalMs attemptMs firstChunkMs progressMs threshold alternatives order affinity hedge *`.split(
    /\s+/,
  ),
)

/** A smaller scene that fails in the same way: whatever can be left out one by one is left out. */
export async function shrink(
  scene: Scene,
  stillFails: (scene: Scene) => Promise<boolean>,
  mostTries: number,
): Promise<Scene> {
  let smallest = scene
  let tries = 0
  for (let found = true; found;) {
    found = false
    for (const candidate of smaller(smallest)) {
      if (++tries > mostTries) return smallest
      if (!(await stillFails(candidate as Scene))) continue // the same, but for something that may be absent
      smallest = candidate as Scene
      found = true
      break
    }
  }
  return smallest
}

/** Every value that lacks one element of a list, or one part that may be absent. The large things first. */
function* smaller(value: unknown): Generator<unknown> {
  if (Array.isArray(value)) {
    for (let i = value.length - 1; i >= 0; i--) yield value.toSpliced(i, 1)
    for (const [i, item] of value.entries()) for (const less of smaller(item)) yield value.with(i, less)
  } else if (typeof value === 'object' && value !== null) {
    for (const key of Object.keys(value)) {
      if (optional.has(key)) yield Object.fromEntries(Object.entries(value).filter(([name]) => name !== key))
    }
    for (const [key, item] of Object.entries(value)) for (const less of smaller(item)) yield { ...value, [key]: less }
  }
}
