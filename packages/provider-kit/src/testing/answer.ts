import { equal, fail, ok } from 'node:assert/strict'
import type { AssistantPart, ProviderEvent, ReasoningPart, TextPart, ToolCallPart, Usage } from '@wayfare/core'

type Finish = Extract<ProviderEvent, { type: 'finish' }>
type Start = Extract<ProviderEvent, { type: 'start' }>

/** What a list of events amounts to. */
export interface FoldedAnswer {
  readonly start: Start | undefined
  readonly finish: Finish | undefined
  readonly parts: readonly AssistantPart[]
  readonly text: string
  readonly reasoning: string
  readonly toolCalls: readonly ToolCallPart[]
  readonly usage: Partial<Usage> | undefined
  readonly reportedUsd: number | undefined
  readonly problems: readonly string[]
  readonly warnings: readonly string[]
  readonly sideEffects: readonly string[]
}

interface Run {
  readonly run: TextPart['type'] | ReasoningPart['type']
  text: string
  closed?: TextPart | ReasoningPart
}

/**
 * Puts an answer together as the router does, and checks what must hold at every moment: a `start` comes first and once,
 * nothing after `finish`, a part says what its deltas said.
 */
export function fold(events: readonly ProviderEvent[]): FoldedAnswer {
  const items: (AssistantPart | Run)[] = []
  let current: Run | undefined
  const usage: Record<string, unknown> = {}
  const rest: { start?: Start; finish?: Finish; counted?: true; reportedUsd?: number } = {}
  const problems: string[] = []
  const warnings: string[] = []
  const sideEffects: string[] = []
  for (const event of events) {
    equal(rest.finish, undefined, `"${event.type}" came after finish`)
    if (event.type !== 'start') ok(rest.start, `"${event.type}" came before start`)
    if ('warnings' in event) warnings.push(...(event.warnings ?? []).map(({ code }) => code))
    switch (event.type) {
      case 'start':
        equal(rest.start, undefined, 'start came twice')
        rest.start = event
        break
      case 'text_delta':
      case 'reasoning_delta': {
        const run = event.type === 'text_delta' ? 'text' : 'reasoning'
        if (event.text === '') break
        if (current?.run !== run) items.push((current = { run, text: '' }))
        current.text += event.text
        break
      }
      case 'part':
        current = place(event.part, items, current)
        break
      case 'usage':
        rest.counted = true
        for (const [name, figure] of Object.entries(event.usage)) if (figure !== undefined) usage[name] = figure
        if (event.reportedUsd !== undefined) rest.reportedUsd = event.reportedUsd
        problems.push(...(event.problems ?? []))
        break
      case 'side_effect':
        sideEffects.push(event.name)
        break
      case 'tool_call_delta':
        equal(typeof event.rawInput, 'string')
        break
      case 'finish':
        rest.finish = event
        break
      default:
        fail(`there is no event of type ${String((event as { type?: unknown }).type)}`)
    }
  }
  const parts = items.map(partOf)
  return {
    start: rest.start,
    finish: rest.finish,
    parts,
    text: said('text', parts),
    reasoning: said('reasoning', parts),
    toolCalls: parts.filter((part) => part.type === 'tool_call'),
    usage: rest.counted ? usage : undefined,
    reportedUsd: rest.reportedUsd,
    problems,
    warnings,
    sideEffects,
  }
}

/** What must hold of a whole answer, whatever it says. `vendor`: whose metadata it may bear. */
export function isSound(answer: FoldedAnswer, events: readonly ProviderEvent[], vendor: string): void {
  ok(answer.finish, 'the answer ended without finish')
  ok(isJSON(events), 'an event does not survive JSON')
  const ids = answer.toolCalls.map(({ id }) => id)
  ok(!ids.includes('') && new Set(ids).size === ids.length, `ids of tool calls are empty or repeated: ${ids.join()}`)
  for (const call of answer.toolCalls) {
    // As text, because keys such as __proto__ may stand in an object without a prototype.
    const parsed = (): unknown => JSON.parse(call.rawInput || '{}')
    if (call.invalid !== true)
      equal(JSON.stringify(call.input), JSON.stringify(parsed()), 'input is not rawInput, parsed')
  }
  for (const part of answer.parts) {
    for (const name of Object.keys(part.providerMetadata ?? {})) equal(name, vendor, 'metadata of another vendor')
    if (part.type === 'provider') equal(part.vendor, vendor, 'a block of another vendor')
  }
  const { usage = {} } = answer
  for (const [name, figure] of Object.entries(usage)) {
    const count = typeof figure !== 'number' || (Number.isSafeInteger(figure) && figure >= 0)
    ok(count, `usage.${name} is no count: ${figure}`)
  }
  ok((usage.reasoning ?? 0) <= (usage.output ?? Infinity), 'reasoning is a part of output')
}

/** Adds a part, or closes the first open run of its type with it. Returns the run that may go on. */
function place(part: AssistantPart, items: (AssistantPart | Run)[], current: Run | undefined): Run | undefined {
  const open = items.find((item): item is Run => 'run' in item && item.run === part.type && item.closed === undefined)
  if (open === undefined || (part.type !== 'text' && part.type !== 'reasoning')) {
    items.push(part)
    return undefined
  }
  equal(part.text, open.text, `a part of type ${part.type} does not say what its deltas said`)
  open.closed = part
  return current === open ? undefined : current
}

function isJSON(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isJSON)
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object' || value === null) return ['string', 'boolean', 'object'].includes(typeof value)
  const plain = [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null)
  return plain && Object.values(value).every(isJSON)
}

function partOf(item: AssistantPart | Run): AssistantPart {
  return 'run' in item ? (item.closed ?? { type: item.run, text: item.text }) : item
}

function said(type: 'text' | 'reasoning', parts: readonly AssistantPart[]): string {
  return parts.flatMap((part) => (part.type === type ? [part.text] : [])).join('')
}
