import type { Sampling } from '@wayfare/core'

export type Effort = 'low' | 'medium' | 'high' | 'xhigh' | 'max'
export type ReasoningLevel = Extract<Sampling['reasoning'], string>

/** What the models of one family accept. The API answers 400 to everything beyond it, so the rest is adapted before. */
export interface Family {
  readonly ids: RegExp
  /** Sent when the caller sets no `maxOutputTokens`: the API demands a figure. */
  readonly maxTokens: number
  /** Whether `maxTokens` is known to be the most that the model takes. */
  readonly capped: boolean
  /** `none`: temperature, top_p and top_k are refused. `one`: temperature and top_p exclude each other. */
  readonly sampling: 'none' | 'one'
  readonly thinking: Thinking
  /** Whether a tool can be forced. No family allows it while the model thinks. */
  readonly forcedTool: boolean
  /** Whether `output_config.format` exists; elsewhere a forced tool stands in. */
  readonly format: boolean
  /** Whether an assistant message at the end is continued. */
  readonly prefill: boolean
}

export interface Thinking {
  /** Levels of `output_config.effort` under `thinking.type: "adaptive"`, rising. */
  readonly efforts: readonly Effort[]
  /** Whether `thinking.type: "enabled"` with a budget is accepted. */
  readonly budget: boolean
  /** Whether `thinking.type: "disabled"` is accepted. */
  readonly disable: boolean
  /** Whether the model thinks when nothing is said. */
  readonly byDefault: boolean
}

const allEfforts: readonly Effort[] = ['low', 'medium', 'high', 'xhigh', 'max']
const noThinking: Thinking = { efforts: [], budget: false, disable: false, byDefault: false }
const budgeted: Thinking = { efforts: [], budget: true, disable: true, byDefault: false }
const adaptive: Thinking = { efforts: allEfforts, budget: false, disable: true, byDefault: false }
const always: Thinking = { efforts: allEfforts, budget: false, disable: false, byDefault: true }

const current: Omit<Family, 'ids'> = {
  maxTokens: 128_000,
  capped: true,
  sampling: 'none',
  thinking: { ...adaptive, byDefault: true },
  forcedTool: true,
  format: true,
  prefill: false,
}
const older: Omit<Family, 'ids'> = { ...current, sampling: 'one', thinking: budgeted, prefill: true }

/** The first row whose pattern matches counts. */
const families: readonly Family[] = [
  { ...current, ids: /^claude-(?:opus|sonnet)-5-5(?!\d)/, thinking: always, forcedTool: false },
  { ...current, ids: /^claude-fable-5-[12](?!\d)/, thinking: always, forcedTool: false },
  { ...current, ids: /^claude-fable/, thinking: always },
  { ...current, ids: /^claude-[a-z]+-5(?!\d)/ },
  { ...current, ids: /^claude-opus-4-[78](?!\d)/, thinking: adaptive },
  {
    ...current,
    ids: /^claude-[a-z]+-4-6(?!\d)/,
    sampling: 'one',
    thinking: { ...adaptive, efforts: ['low', 'medium', 'high', 'max'], budget: true },
  },
  { ...older, ids: /^claude-[a-z]+-4-5(?!\d)/, maxTokens: 64_000 },
  { ...older, ids: /^claude-opus-4-1(?!\d)/, maxTokens: 32_000 },
  { ...older, ids: /^claude-opus-4(?!-\d(?!\d))(?!\d)/, maxTokens: 32_000, format: false },
  { ...older, ids: /^claude-sonnet-4(?!-\d(?!\d))(?!\d)/, maxTokens: 64_000, format: false },
  { ...older, ids: /^claude-3-7/, maxTokens: 64_000, format: false },
  { ...older, ids: /^claude-3-5/, maxTokens: 8_192, format: false, thinking: noThinking },
  { ...older, ids: /^claude-3/, maxTokens: 4_096, format: false, thinking: noThinking },
  // A Claude that is newer than this table: like the newest known one, its limit unknown.
  { ...current, ids: /^claude-/, capped: false },
]

/** Servers that borrow this wire for models of their own. */
const stranger: Family = { ...older, ids: /^/, maxTokens: 8_192, capped: false, format: false }

/** What the model of this id accepts. Ids are matched as the vendor spells them, dates included. */
export function familyOf(model: string): Family {
  return families.find((family) => family.ids.test(model)) ?? stranger
}
