import type { ChildResult } from '../child.ts'

/** The outcome of one check: a line for the reader, and the output when it failed. */
export interface Outcome {
  readonly title: string
  readonly problem?: string
}

export function outcome(title: string, { code, output }: Pick<ChildResult, 'code' | 'output'>): Outcome {
  return code === 0 ? { title } : { title, problem: output.trim() || `ended with ${code}` }
}

/** Prints the outcomes and says whether all is well. */
export function report(outcomes: readonly Outcome[]): boolean {
  for (const { title, problem } of outcomes) {
    console.log(problem === undefined ? `ok      ${title}` : `FAILED  ${title}\n${problem.replace(/^/gm, '        ')}`)
  }
  return outcomes.every(({ problem }) => problem === undefined)
}
