import { refusals } from '@wayfare/openai-compatible/testing'
import type { WireSamples } from '@wayfare/provider-kit/testing'
import { answers } from './responses-answers.ts'
import { requests } from './responses-requests.ts'

export const responses: WireSamples = {
  name: 'openai',
  model: 'gpt-6-mini',
  stream: 'sse',
  terminator: /"type":"response\.completed"/,
  answers: { ...answers, ...refusals },
  requests,
}
