import type { Answer, Failure, Fault, Reply } from '@wayfare/emulator'

/** What one call asks for, and what goes wrong with it at first. It travels in the prompt. */
export interface Job {
  readonly id: number
  /** Words of the answer, and its output tokens. */
  readonly words: number
  readonly fault: FaultName
}

export const faultNames = ['none', 'reset', 'end', 'cut', 'error', 'malformed', 'refused', 'limited'] as const
export type FaultName = (typeof faultNames)[number]

export function promptOf({ id, words, fault }: Job): string {
  return `job ${id} ${words} ${fault}`
}

export function jobIn(text: string): Job | undefined {
  const [, id, words, fault] = /job (\d+) (\d+) (\w+)/.exec(text) ?? []
  const name = faultNames.find((candidate) => candidate === fault)
  return name === undefined ? undefined : { id: Number(id), words: Number(words), fault: name }
}

/** The only right answer to a job. */
export function textOf({ id, words }: Job): string {
  return Array.from({ length: words }, (_, index) => `w${id}.${index}`).join(' ')
}

/** What the server says to a job: at its first attempt the fault, if it has one. */
export function replyTo(job: Job, first: boolean): Reply {
  const answer: Answer = { text: textOf(job), usage: { input: 10, output: job.words } }
  if (!first || job.fault === 'none') return answer
  if (job.fault === 'refused') return { error: 'overloaded' } satisfies Failure
  if (job.fault === 'limited') return { error: 'rate_limit' } satisfies Failure
  const fault: Fault = { after: Math.floor(job.words / 2), kind: job.fault }
  return { ...answer, fault }
}
