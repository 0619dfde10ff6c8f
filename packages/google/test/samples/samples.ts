import type { WireSamples } from '@wayfare/provider-kit/testing'
import { answers } from './answers.ts'
import { refusals } from './refusals.ts'
import { requests } from './requests.ts'

export const samples: WireSamples = {
  name: 'google',
  model: 'gemini-3.5-flash',
  stream: 'sse',
  terminator: /"finishReason":"\w+"/,
  answers: { ...answers, ...refusals },
  requests,
}
