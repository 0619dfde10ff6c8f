import type { Pace } from './compare.ts'
import type { Report, Row } from './row.ts'

/** How much a run takes its time for. */
export interface Scale extends Pace {
  readonly quick: boolean
}

/** One target of the table: what it measured. */
export type Target = (scale: Scale, say: (progress: string) => void) => Promise<Measured>

export interface Measured {
  readonly rows: readonly Row[]
  readonly notes?: readonly string[]
}

/** Runs a target in the process that was started for it, and sends the report to its parent. */
export function serve(name: string, target: Target): void {
  const quick = process.env['BENCH_QUICK'] === '1'
  const scale: Scale = { quick, rounds: Number(process.env['BENCH_ROUNDS']), roundMs: quick ? 10 : 60 }
  void target(scale, (progress) => console.log(`    ${progress}`)).then(
    ({ rows, notes = [] }) => {
      const report: Report = { name, node: process.version, rows, notes }
      process.send?.(report, () => process.exit(0))
    },
    (error: unknown) => {
      console.error(error)
      process.exit(1)
    },
  )
}
