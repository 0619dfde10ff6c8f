import { posix } from 'node:path'
import type { Finding, House } from './house.ts'

/** No file needs itself, over however many others, when its code is loaded. */
export function cycles({ sources }: House): readonly Finding[] {
  const edges = new Map(
    sources.map(({ path, imports }) => [
      path,
      imports
        .filter(({ from, types }) => !types && from.startsWith('.'))
        .map(({ from }) => posix.join(posix.dirname(path), from)),
    ]),
  )
  const done = new Set<string>()
  const findings: Finding[] = []
  for (const path of edges.keys()) visit(path, [])
  return findings

  function visit(path: string, trail: readonly string[]): void {
    const start = trail.indexOf(path)
    if (start >= 0) {
      const ring = [...trail.slice(start), path].map((file) => posix.basename(file)).join(' -> ')
      findings.push({ path, message: `imports go round: ${ring}; move what both need to a file of its own` })
      return
    }
    if (done.has(path)) return
    const further = [...trail, path]
    for (const next of edges.get(path) ?? []) visit(next, further)
    done.add(path)
  }
}
