import type { Usage } from '@wayfare/core'
import { isRecord, tokens } from '@wayfare/provider-kit'

/**
 * `usageMetadata` holds cached tokens inside the prompt, and the tokens of tool use and thought beside it. What a chunk does
 * not mention is left out: the last figure of each field counts.
 */
export function toUsage(counts: Readonly<Record<string, unknown>>): Partial<Usage> {
  const cached = tokens(counts['cachedContentTokenCount'])
  const thoughts = tokens(counts['thoughtsTokenCount'])
  const prompt = tokens(counts['promptTokenCount']) + tokens(counts['toolUsePromptTokenCount'])
  const hasOutput = counts['candidatesTokenCount'] !== undefined || counts['thoughtsTokenCount'] !== undefined
  const audioIn = audio(counts['promptTokensDetails'])
  const audioOut = audio(counts['candidatesTokensDetails'])
  return {
    ...(counts['promptTokenCount'] !== undefined && { input: Math.max(0, prompt - cached), cacheRead: cached }),
    ...(hasOutput && { output: tokens(counts['candidatesTokenCount']) + thoughts, reasoning: thoughts }),
    ...(audioIn > 0 && { audioIn }),
    ...(audioOut > 0 && { audioOut }),
  }
}

function audio(details: unknown): number {
  if (!Array.isArray(details)) return 0
  return details
    .filter((detail) => isRecord(detail) && detail['modality'] === 'AUDIO')
    .reduce((sum: number, detail: Record<string, unknown>) => sum + tokens(detail['tokenCount']), 0)
}
