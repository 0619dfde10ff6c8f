import { of, type Mutant } from './mutant.ts'

const core = 'packages/core/src'

/** Mistakes in what follows a failure. */
export const failureMutants: readonly Mutant[] = [
  ...of(
    `${core}/next.ts`,
    ['a wait goes past the deadline', 'if (waitMs !== undefined && waitMs < restMs) {', 'if (waitMs !== undefined) {'],
    ['one retry too many', 'if (retries >= most) return undefined', 'if (retries > most) return undefined'],
    ['an hour that a server asks for is waited', '  if (asked > longestWaitMs) return undefined\n', ''],
    ['a target has two turns', ' || trail.triesOf(keyOf(target)) > 0) return false', ') return false'],
    ['a broken protocol is tried twice more', "error.kind === 'protocol' ? 1 : defaultRetries", 'defaultRetries'],
    [
      'a server is asked sooner than it said',
      'return Math.max(jittered, backoff(',
      'return Math.min(jittered, backoff(',
    ],
    [
      'retries leave other targets no turn',
      '  if (rule === undefined && trail.attempts + others >= mostAttempts) return undefined\n',
      '',
    ],
  ),
  ...of(
    `${core}/rules.ts`,
    ['error covers what another rule names', ' && !isNamed(rules, trigger)\n', '\n'],
    [
      'error covers limits of the user',
      "['context_length', 'content_filter', 'budget']",
      "['context_length', 'content_filter']",
    ],
    [
      'a wait for error covers what a switch names',
      'if (named !== undefined || isNamed(rules, trigger)) return named',
      'if (named !== undefined) return named',
    ],
    ['a circuit hides what it was opened by', 'covers(triggers, behind)', 'covers(triggers, trigger)'],
    ['billing is no lack of funds', "return 'low_funds'\n", "return 'error'\n"],
  ),
  ...of(
    `${core}/breaker.ts`,
    ['a half-open circuit lets everybody pass', '      circuit.until = this.#clock.now() + model.longestMs\n', ''],
    ['a circuit opens one failure late', 'const consecutiveLimit = 5', 'const consecutiveLimit = 6'],
    ['early failures speak for answers under way', ' && circuit.consecutive >= healthy', ''],
    ['one success closes a circuit', 'if (circuit.proven < 2) continue', 'if (circuit.proven < 1) continue'],
    [
      'the circuit of a key is not asked',
      'return own === undefined || (key !== undefined && key.until > own.until) ? key : own',
      'return own',
    ],
    ['what a model wrote is the fault of its server', " && error.phase !== 'output'", ''],
    [
      'a success does not end a row of failures',
      '      circuit.consecutive = 0\n      this.#count(circuit, false)\n',
      '      this.#count(circuit, false)\n',
    ],
    [
      'a probe that says nothing blocks the next',
      "if (circuit?.state === 'half_open') circuit.until = 0",
      "if (circuit?.state === 'open') circuit.until = 0",
    ],
    ['an open circuit stays open no longer each time', '    circuit.opened++\n', ''],
  ),
  ...of(
    `${core}/quota.ts`,
    ['an empty purse pays', '    if (left < cost) return undefined\n', ''],
    ['a success gives nothing back', 'left + 1 + taken)', 'left + 1)'],
    ['a timeout costs no more than others', 'const costOfTimeoutRetry = 10', 'const costOfTimeoutRetry = 5'],
  ),
]
