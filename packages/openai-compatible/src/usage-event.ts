import type { ProviderEvent } from '@wayfare/core'
import type { ReaderFacts } from './events.ts'
import { readReportedUsd, readUsage, usageIn, usageProblems } from './usage.ts'
import type { Wire } from './wire.ts'

/** What a chunk says of tokens and money; undefined when it says nothing. A cost may come without tokens. */
export function usageEvent(
  chunk: Wire,
  choice: Wire | undefined,
  serviceTier: string | undefined,
  { dialect, response }: Pick<ReaderFacts, 'dialect' | 'response'>,
): ProviderEvent | undefined {
  const beside = dialect.costBeside?.(chunk, response.headers)
  const wire = usageIn(chunk, choice)
  if (wire === undefined) return beside === undefined ? undefined : { type: 'usage', usage: {}, reportedUsd: beside }
  const read = { ...readUsage(wire), ...(serviceTier !== undefined && { serviceTier }) }
  const problems = usageProblems(wire, read)
  const reportedUsd = dialect.reportedUsd?.(wire) ?? readReportedUsd(wire) ?? beside
  return {
    type: 'usage',
    usage: dialect.usage?.(wire, read) ?? read,
    ...(reportedUsd !== undefined && { reportedUsd }),
    ...(problems.length > 0 && { problems }),
  }
}
