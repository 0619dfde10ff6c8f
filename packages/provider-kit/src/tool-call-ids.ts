import type { HistoryRules } from './history.ts'

/** Gives every call an id of its own that the vendor takes, and its result the same. What comes later never changes an id. */
export class ToolCallIds {
  readonly #rule: HistoryRules['toolCallId']
  /** All ids given so far. */
  readonly #taken = new Set<string>()
  /** By the id in the history: the ids given to the latest calls of that id, in order, as long as no result has taken them. */
  readonly #given = new Map<string, string[]>()
  /** The ids in the history of the calls of this turn. */
  readonly #turn = new Set<string>()
  #made = 0

  constructor(rule: HistoryRules['toolCallId']) {
    this.#rule = rule
  }

  /** The calls that follow belong to another turn. */
  nextTurn(): void {
    this.#turn.clear()
  }

  rename<P extends { readonly type: string }>(part: P): P {
    if (!hasId(part)) return part
    const id = part.type === 'tool_call' ? this.#call(part.id) : this.#result(part.id)
    return id === part.id ? part : { ...part, id }
  }

  #call(id: string): string {
    const mine = this.#unused(id)
    const earlier = this.#given.get(id)
    if (earlier !== undefined && this.#turn.has(id)) earlier.push(mine)
    else this.#given.set(id, [mine])
    this.#turn.add(id)
    return mine
  }

  #result(id: string): string {
    const given = this.#given.get(id)
    const mine = given !== undefined && given.length > 1 ? given.shift() : given?.[0]
    return mine ?? this.#call(id)
  }

  #unused(id: string): string {
    const rule = this.#rule
    let mine = id
    if (this.#taken.has(id) || rule?.valid.test(id) === false) {
      // Among so many made ids one is free, unless the rule makes the same one again and again.
      const last = this.#made + this.#taken.size
      do {
        const index = this.#made++
        mine = rule === undefined ? `${id}_${index + 2}` : rule.make(id, index)
      } while (this.#taken.has(mine) && this.#made <= last)
    }
    this.#taken.add(mine)
    return mine
  }
}

function hasId<P extends { readonly type: string }>(part: P): part is P & { readonly id: string } {
  return part.type === 'tool_call' || part.type === 'tool_result'
}
