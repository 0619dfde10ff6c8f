import type { WireSamples } from '@wayfare/provider-kit/testing'
import { answers } from './answers.ts'
import { refusals } from './refusals.ts'
import { requests } from './requests.ts'

export const samples: WireSamples = {
  name: 'anthropic',
  model: 'claude-sonnet-5',
  stream: 'sse',
  terminator: /"type":"message_stop"/,
  answers: { ...answers, ...refusals },
  requests,
}
