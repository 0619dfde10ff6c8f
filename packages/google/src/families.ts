export type ThinkingLevel = 'minimal' | 'low' | 'medium' | 'high'

/** How a family is told how much to think. */
export type Thinking =
  | { readonly by: 'level'; readonly levels: readonly ThinkingLevel[] }
  | { readonly by: 'budget'; readonly min: number; readonly max: number; readonly off: boolean }
  | { readonly by: 'nothing' }

/** What the models of one family accept. */
export interface Family {
  readonly ids: RegExp
  readonly thinking: Thinking
  /** Whether calls are refused in a history that lacks their thought signatures. */
  readonly signatures: boolean
  /** Whether there is a place for system instructions. */
  readonly system: boolean
  /** Whether a response schema may stand beside function declarations. */
  readonly schemaWithTools: boolean
}

const current: Omit<Family, 'ids'> = {
  thinking: { by: 'level', levels: ['low', 'medium', 'high'] },
  signatures: true,
  system: true,
  schemaWithTools: true,
}
const older: Omit<Family, 'ids'> = { ...current, signatures: false, schemaWithTools: false }

/** The first row whose pattern matches counts. */
const families: readonly Family[] = [
  {
    ...current,
    ids: /^gemini-3(?:\.\d+)?-flash/,
    thinking: { by: 'level', levels: ['minimal', 'low', 'medium', 'high'] },
  },
  { ...current, ids: /^gemini-3-pro/, thinking: { by: 'level', levels: ['low', 'high'] } },
  { ...older, ids: /^gemini-2\.5-flash-lite/, thinking: { by: 'budget', min: 512, max: 24_576, off: true } },
  { ...older, ids: /^gemini-2\.5-flash/, thinking: { by: 'budget', min: 1, max: 24_576, off: true } },
  { ...older, ids: /^gemini-2\.5/, thinking: { by: 'budget', min: 128, max: 32_768, off: false } },
  { ...older, ids: /^gemini-[12]/, thinking: { by: 'nothing' } },
  { ...older, ids: /^gemma/, thinking: { by: 'nothing' }, system: false },
]

/** A model newer than this table is like the newest known ones. */
const unknown: Family = { ...current, ids: /^/ }

/** What the model of this id accepts; a leading `models/` is as good as none. */
export function familyOf(model: string): Family {
  const id = model.replace(/^models\//, '')
  return families.find((family) => family.ids.test(id)) ?? unknown
}
