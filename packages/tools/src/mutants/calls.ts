import { of, type Mutant } from './mutant.ts'

const core = 'packages/core/src'

/** Mistakes on the way of a call: from the router to the events that a reader gets. */
export const callMutants: readonly Mutant[] = [
  ...of(
    `${core}/router.ts`,
    ['defaults beat what a call says', 'merge(defaults, written)', 'merge(written, defaults)'],
    ['close() does not wait for settlements', '    await Promise.all(engine.settling)\n', ''],
    ['with() changes nothing', 'checkDefaults(engine, merge(own, defaults))', 'checkDefaults(engine, own)'],
  ),
  ...of(
    `${core}/turn.ts`,
    [
      'a tool that ran at the vendor runs twice',
      '{ sideEffects: true }), final: true }',
      '{ sideEffects: true }), final: false }',
    ],
    ['what was reserved for a dearer target stays reserved', '    await giveBack(engine, trail, ticket)\n', ''],
    [
      'an answer is continued where that is impossible',
      "  if (trail.continued !== '' && !provider.traits?.(target.model).prefill) giveUp(trail)\n",
      '',
    ],
    ['text that was shown is replaced silently', 'final: !resets }', 'final: false }'],
  ),
  ...of(`${core}/trail.ts`, ['tries are not counted', '    this.#turns = withOne(this.#turns, key)\n', '']),
  ...of(
    `${core}/lane.ts`,
    ['nobody is told of a reset', "[{ type: 'reset', attempt: trail.voided }, start]", '[start]'],
    ['a success is not told to the quota', '    engine.quota.succeed(target.provider, taken)\n', ''],
  ),
  ...of(
    `${core}/hedge.ts`,
    ['an attempt that was outrun goes on', '  lane.ticket.guard.cut(reason)\n', ''],
    [
      'an attempt that was outrun is not in the bill',
      '    record(this.#engine, this.#resolved, this.#trail, racer.lane)\n',
      '',
    ],
    ['two attempts side by side, again and again', '    trail.hedged = true\n', ''],
    ['a second attempt passes a closed circuit', ' && this.#engine.breakers.admit(target).ok ? target', ' ? target'],
    ['both of two answers are shown', '      this.#lose(rival)\n', ''],
    [
      'what a second attempt reserved in vain stays reserved',
      'buying.then((ticket) => giveBack(engine, trail, ticket), noop)',
      'buying.then(noop, noop)',
    ],
  ),
  ...of(
    `${core}/ticket.ts`,
    [
      'what fits under a limit is not told to the provider',
      '  if (maxOutputTokens !== undefined) request.maxOutputTokens = maxOutputTokens\n',
      '',
    ],
    [
      'a refused reservation keeps the probe',
      '  engine.breakers.release(target)\n  return thrown\n',
      '  return thrown\n',
    ],
    ['an attempt does not hear that its call was cut', '  trail.guard.admit(guard)\n', ''],
  ),
  ...of(`${core}/text-reader.ts`, [
    'text goes on after a reset',
    "      else if (event.type === 'reset' && this.#shown) throw this.#tear()\n",
    '',
  ]),
  ...of(
    `${core}/channel.ts`,
    ['a channel does not wait for its reader', '    this.#writer = writer\n    return false', '    return true'],
    ['to leave a channel ends nothing', '    this.#release()?.stop(this.#left)\n', ''],
  ),
  ...of(
    `${core}/attempt.ts`,
    ['an aborted call is still dispatched', '      if (guard.reason !== undefined) throw guard.reason\n', ''],
    ['a cut stream is an answer', '      if (!this.complete)\n', '      if (this.fold.progress === 0)\n'],
    [
      'a provider is not told that its reader left',
      '    if (puller?.open) await leave(this.#engine.clock, guard, puller.iterator)\n',
      '',
    ],
    ['an error does not name its provider', 'provider: error.provider ?? provider, ', ''],
    [
      'what the store may believe to be sent is freed',
      "if (this.#dispatch === 'asked') return settle(this.#engine, attemptId, unsent)",
      "if (this.#dispatch === 'asked') return release(this.#engine, attemptId)",
    ],
    ['a provider is asked before its budget', '      if (dispatched !== undefined) await dispatched\n', ''],
  ),
  ...of(
    `${core}/puller.ts`,
    ['a cut attempt waits for its provider', '    if (this.#waiting) this.#fail(reason)\n', ''],
    ['what comes after the cut is told', '    if (!this.#waiting) return\n', ''],
    ['a break behind a complete answer fails it', 'if (this.#taker.complete) this.#resolve?.()\n    else ', ''],
    ['a provider is pulled though the call is cut', '    if (reason !== undefined) return this.#fail(reason)\n', ''],
  ),
  ...of(
    `${core}/fold.ts`,
    [
      'events after the finish are taken',
      'if (this.finished !== undefined)\n',
      "if (this.finished?.reason === 'pause')\n",
    ],
    ['an empty delta is content', "    if (text === '') {\n      this.#stood()\n      return undefined\n    }\n", ''],
    ['a stop with tool calls stays a stop', "return 'tool_calls'", "return 'stop'"],
    ['an answer whose tool call had begun is continued', "      (this.#unfinished?.text ?? '') === '' &&\n", ''],
    [
      'a tool call that was cut short is handed out',
      "else if (!(cut && item.type === 'tool_call' && item.invalid)) parts.push(item)",
      'else parts.push(item)',
    ],
    ['reasoning and text run together', 'if (run === undefined || run.type !== type) {', 'if (run === undefined) {'],
  ),
  ...of(`${core}/usage.ts`, [
    'a usage that is absent erases the one before',
    'if (figure !== undefined) figures[name] = figure',
    'figures[name] = figure',
  ]),
  ...of(
    `${core}/alarm.ts`,
    ['a deadline is forgotten when something else was due', 'let dueAt = this.#deadline', 'let dueAt = Infinity'],
    [
      'who sleeps is not woken in time',
      '    if (at >= this.#dueAt) return\n',
      '    if (this.#dueAt < Infinity) return\n',
    ],
    ['what was overdue before is late', 'const at = Math.max(dueAt, now)', 'const at = dueAt'],
  ),
  ...of(`${core}/run.ts`, ['the timer of a call outlives it', '      this.#trail.alarm.stop()\n', '']),
  ...of(
    `${core}/watch.ts`,
    ['keep-alives are progress', 'this.#waitedMs = progress ? 0 : this.#waitedMs + ms', 'this.#waitedMs = 0'],
    [
      'a slow reader is a slow provider',
      '    this.#content = content\n    this.#pulledAt = undefined\n',
      '    this.#content = content\n',
    ],
    ['a provider pays for a blocked event loop', '    if (lateMs > onTimeMs) {\n', '    if (lateMs < 0) {\n'],
  ),
  ...of(
    `${core}/stream.ts`,
    [
      'an error is told again and again',
      '        this.#errorTold = true\n        reject(this.#error())\n',
      '        reject(this.#error())\n',
    ],
    ['response() pulls once', '    if (this.#draining) this.#pull()\n', ''],
    ['text that is void is shown to who comes late', "    if (face === 'text') this.#forgetVoid()\n", ''],
    [
      'a rejection beside a reader must be caught',
      '      if (this.#reader.face !== undefined) waiter.promise.catch(() => {})\n',
      '',
    ],
    [
      'a stream may have two readers',
      '    if (this.#reader.face !== undefined)\n',
      "    if (this.#reader.face === 'text')\n",
    ],
  ),
  ...of(
    `${core}/guard.ts`,
    ['the last reason wins', '    if (this.#over || this.#reason !== undefined) return\n', ''],
    [
      'a signal that is asked for late hears nothing',
      '      if (this.#over) this.#controller.abort(this.#reason)\n',
      '',
    ],
    [
      'who asks for no signal hears nothing',
      '    for (const listener of this.#listeners) if (this.#listeners.includes(listener)) tell(listener)\n',
      '',
    ],
    ['who listens late hears nothing', '    if (this.#reason !== undefined) worker.cut(this.#reason)\n', ''],
  ),
  ...of(`${core}/fold.ts`, ['what is to be shown is lost', '      else shown.push(told)\n', '']),
  ...of(`${core}/pieces.ts`, [
    'what was joined is lost',
    "this.#text += this.#pieces.join('')",
    "this.#text = this.#pieces.join('')",
  ]),
  ...of(`${core}/leave.ts`, [
    'a stubborn provider is waited for',
    'await Promise.race([waited, returned(iterator)])',
    'await returned(iterator)',
  ]),
]
