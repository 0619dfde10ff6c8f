import { lineAt, type Finding, type House } from './house.ts'

interface Word {
  readonly pattern: RegExp
  readonly where: 'text' | 'code'
  readonly message: string
}

const words: readonly Word[] = [
  { pattern: /\bexport\s+default\b/g, where: 'code', message: 'a default export: export it by its name' },
  {
    pattern: /\bexport\s+\*/g,
    where: 'code',
    message: '`export *`: list the names, so that the surface is read in one place',
  },
  {
    pattern: /\b(?:TOD[O]|FIXM[E]|XX[X]|HAC[K])\b/g,
    where: 'text',
    message: 'a note to oneself: do it, or write down the decision',
  },
  {
    pattern: /oxlint-disable(?![^\n]* -- \S)/g,
    where: 'text',
    message: 'a silenced rule: write the reason behind ` -- `',
  },
  {
    pattern: /@ts-(?:ignore|nocheck)\b/g,
    where: 'text',
    message: 'an unchecked line: use @ts-expect-error with a reason',
  },
]

/** What is not written in this house, in sources and tests alike. */
export function forbiddenWords({ sources }: House): readonly Finding[] {
  return sources.flatMap((source) =>
    words.flatMap(({ pattern, where, message }) =>
      [...source[where].matchAll(pattern)].map((match) => ({
        path: source.path,
        line: lineAt(source.text, match.index),
        message,
      })),
    ),
  )
}
