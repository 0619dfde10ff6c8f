import type { WireSamples } from '@wayfare/provider-kit/testing'
import { answers } from './answers.ts'
import { refusals } from './refusals.ts'
import { requests } from './requests.ts'

export const samples: WireSamples = {
  name: 'ollama',
  model: 'qwen3:8b',
  stream: 'ndjson',
  terminator: /"done":true/,
  answers: { ...answers, ...refusals },
  requests,
}
