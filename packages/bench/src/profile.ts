import { Session, type Profiler } from 'node:inspector/promises'
import { spend, type Work } from './compare.ts'

/** Parts of the samples of a profile, from 0 to 1, by whose code ran; what was idle is left out. */
export type Shares = Readonly<Record<string, number>>

/** Runs some work under the profiler. */
export async function profile(work: Work, leastMs: number): Promise<Shares> {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.setSamplingInterval', { interval: 200 })
  await session.post('Profiler.start')
  await spend(work, leastMs)
  const { profile: made } = await session.post('Profiler.stop')
  session.disconnect()
  return sharesOf(made)
}

/** As `core 41 %, node 20 %`, the largest first; crumbs are left out. */
export function shareText(shares: Shares): string {
  return Object.entries(shares)
    .toSorted(([, a], [, b]) => b - a)
    .filter(([, share]) => share >= 0.015)
    .map(([who, share]) => `${who} ${Math.round(share * 100)} %`)
    .join(', ')
}

function sharesOf({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): Shares {
  const owners = new Map(nodes.map(({ id, callFrame }) => [id, ownerOf(callFrame)]))
  const times = new Map<string, number>()
  let whole = 0
  samples.forEach((id, at) => {
    const owner = owners.get(id)
    const us = timeDeltas[at] ?? 0
    if (owner === undefined) return
    times.set(owner, (times.get(owner) ?? 0) + us)
    whole += us
  })
  return Object.fromEntries([...times].map(([owner, us]) => [owner, us / whole]))
}

/** Undefined when nothing ran. */
function ownerOf({ functionName, url }: Profiler.Profile['nodes'][number]['callFrame']): string | undefined {
  if (functionName === '(idle)') return undefined
  if (functionName === '(garbage collector)') return 'garbage collector'
  const ours = /@wayfare\/([a-z-]+)\//.exec(url)?.[1]
  if (ours !== undefined) return ours
  // Its parser is compiled to WebAssembly.
  if (url.includes('/undici/') || url.startsWith('wasm:')) return 'undici'
  if (url.startsWith('node:')) return 'node'
  return url === '' ? 'system and native code' : 'the benchmark'
}
