/** What a model's name tells of its family, as `{ line: 'opus', version: 4.7 }`. */
export interface Family {
  readonly line: string
  readonly version: number
}

/** The family of an id such as `claude-opus-4-7` or `claude-sonnet-4-20250514`; undefined for other names. */
export function familyOf(model: string): Family | undefined {
  const match = /^claude-(opus|sonnet|haiku|fable)-(\d{1,2})(?:-(\d{1,2}))?(?:$|[-@.])/.exec(model)
  if (match === null) return undefined
  return { line: match[1] ?? '', version: Number(`${match[2]}.${match[3] ?? 0}`) }
}

/** Sampling is the model's own business: opus from 4.7, everything from 5, fable. */
export function fixesSampling(family: Family | undefined): boolean {
  if (family === undefined) return false
  return family.version >= 5 || family.line === 'fable' || (family.line === 'opus' && family.version >= 4.7)
}

/** Thinks by itself; a thinking budget is not taken. */
export function adaptiveOnly(family: Family | undefined): boolean {
  return family !== undefined && (family.version >= 5.5 || family.line === 'fable')
}

/** Thinking cannot be switched off. */
export function alwaysThinks(family: Family | undefined): boolean {
  if (family === undefined) return false
  return family.line === 'fable' || (family.version >= 5.5 && (family.line === 'opus' || family.line === 'sonnet'))
}

/** A tool cannot be forced. */
export function refusesForcedTools(family: Family | undefined): boolean {
  if (family === undefined) return false
  if (family.line === 'fable') return family.version >= 5.1
  return family.version >= 5.5 && (family.line === 'opus' || family.line === 'sonnet')
}
