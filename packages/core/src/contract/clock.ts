/** Time as the router knows it; a simulation runs it virtually. */
export interface Clock {
  /** Monotonic milliseconds. */
  now(): number
  /** The wall clock, for stamps and for dates that servers send. */
  date(): Date
  /** Rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Timers fire in order of their time. */
  timer(ms: number, fire: () => void): { clear(): void }
}
