import type { Usage } from '@wayfare/core'
import { isRecord, oddCounts, tokens } from '@wayfare/provider-kit'

/**
 * `usageMetadata` holds cached tokens inside the prompt, and the tokens of tool use and thought beside it. What a chunk does
 * not mention is left out: the last figure of each field counts.
 */
export function toUsage(counts: Readonly<Record<string, unknown>>): Partial<Usage> {
  const thoughts = tokens(counts['thoughtsTokenCount'])
  const prompt = tokens(counts['promptTokenCount']) + tokens(counts['toolUsePromptTokenCount'])
  const cached = Math.min(tokens(counts['cachedContentTokenCount']), prompt)
  const hasOutput = counts['candidatesTokenCount'] !== undefined || counts['thoughtsTokenCount'] !== undefined
  const cachedAudio = Math.min(ofKind('AUDIO', counts['cacheTokensDetails']), cached)
  const cachedImages = ofKind('IMAGE', counts['cacheTokensDetails'])
  const audioIn = ofKind('AUDIO', counts['promptTokensDetails']) - cachedAudio
  const imageIn = ofKind('IMAGE', counts['promptTokensDetails']) - cachedImages
  const audioOut = ofKind('AUDIO', counts['candidatesTokensDetails'])
  const imageOut = ofKind('IMAGE', counts['candidatesTokensDetails'])
  return {
    ...(counts['promptTokenCount'] !== undefined && { input: prompt - cached, cacheRead: cached }),
    ...(hasOutput && { output: tokens(counts['candidatesTokenCount']) + thoughts, reasoning: thoughts }),
    ...(audioIn > 0 && { audioIn }),
    ...(audioOut > 0 && { audioOut }),
    ...(cachedAudio > 0 && { cacheReadAudio: cachedAudio }),
    ...(imageIn > 0 && { imageIn }),
    ...(imageOut > 0 && { imageOut }),
  }
}

/** What is wrong with the figures. */
export function usageProblems(counts: Readonly<Record<string, unknown>>): readonly string[] {
  const prompt = counts['promptTokenCount']
  const more = prompt !== undefined && tokens(counts['cachedContentTokenCount']) > tokens(prompt)
  return [...oddCounts(counts), ...(more ? ['more tokens were cached than prompted'] : [])]
}

function ofKind(modality: 'AUDIO' | 'IMAGE', details: unknown): number {
  if (!Array.isArray(details)) return 0
  return details
    .filter((detail) => isRecord(detail) && detail['modality'] === modality)
    .reduce((sum: number, detail: Record<string, unknown>) => sum + tokens(detail['tokenCount']), 0)
}
