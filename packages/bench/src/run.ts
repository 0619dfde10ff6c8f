import { fork } from 'node:child_process'
import { join } from 'node:path'
import { outFolder, peersFolder } from './places.ts'
import type { Report } from './row.ts'
import type { TargetEntry } from './targets.ts'

export interface RunOptions {
  readonly node: string
  readonly rounds: number
  readonly quick: boolean
}

/** Measures one target in a process of its own; undefined when that failed. */
export function run({ file }: TargetEntry, { node, rounds, quick }: RunOptions): Promise<Report | undefined> {
  return new Promise((resolve) => {
    const child = fork(join(outFolder, 'targets', `${file}.js`), {
      execPath: node,
      execArgv: ['--expose-gc'],
      env: {
        ...process.env,
        BENCH_PEERS: peersFolder,
        BENCH_ROUNDS: String(rounds),
        BENCH_QUICK: quick ? '1' : '0',
      },
    })
    let report: Report | undefined
    child.on('message', (message) => {
      report = message as Report // sent by `serve`
    })
    child.on('error', () => resolve(undefined))
    child.on('exit', () => resolve(report))
  })
}
