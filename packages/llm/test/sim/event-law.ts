import type { ChatEvent } from '@wayfare/core'

/** The order that the events of every call keep, and the text that its reader holds. */
export class EventLaw {
  /** What was shown between two resets, the last one being what the reader ends with. */
  readonly segments: string[] = ['']
  finished = false
  readonly violations: string[] = []
  readonly tools: string[] = []
  #started = 0
  readonly #failed = new Set<number>()
  #shown = false
  #failedSinceShown = false
  #before: ChatEvent['type'] | undefined

  see(event: ChatEvent): void {
    if (this.finished) this.#broken(`${event.type} after the finish`)
    if (this.tools.length > 0 && event.type !== 'tool_call' && event.type !== 'finish')
      this.#broken(`${event.type} after a tool call was handed out`)
    if (this.#before === 'reset' && event.type !== 'attempt_start') this.#broken(`${event.type} after a reset`)
    this.#before = event.type
    switch (event.type) {
      case 'attempt_start':
        if (event.attempt !== ++this.#started)
          this.#broken(`attempt ${event.attempt} starts, and is the ${this.#started}.`)
        break
      case 'text_delta':
      case 'reasoning_delta':
      case 'file':
        if (this.#failed.size >= this.#started) this.#broken(`${event.type} between two attempts`)
        this.#shown = true
        this.#failedSinceShown = false
        if (event.type === 'text_delta') this.segments[this.segments.length - 1] += event.text
        break
      case 'attempt_failed':
        if (event.attempt > this.#started) this.#broken(`attempt ${event.attempt} of ${this.#started} fails`)
        // What is refused before it starts has the number of the attempt before.
        if (event.attempt > 0) this.#failed.add(event.attempt)
        this.#failedSinceShown = true
        break
      case 'reset':
        if (!this.#shown) this.#broken('a reset of nothing')
        if (!this.#failedSinceShown) this.#broken('a reset within an attempt')
        this.#shown = false
        this.segments.push('')
        break
      case 'tool_call':
        if (this.tools.includes(event.toolCall.id)) this.#broken(`the tool call ${event.toolCall.id} twice`)
        this.tools.push(event.toolCall.id)
        break
      case 'finish':
        this.finished = true
        break
      case 'soft_limit':
        break
    }
  }

  /** Of a face that shows text alone. */
  seeText(text: string): void {
    this.segments[0] += text
  }

  #broken(what: string): void {
    this.violations.push(`events: ${what}`)
  }
}
