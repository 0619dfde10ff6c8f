import { expect, test } from 'vitest'
import { modelList } from '../src/models.ts'

test('models of the cloud have no price of zero, and unknown abilities stay unknown', () => {
  const body = {
    models: [
      { name: 'a:1b', details: { context_length: 8_192 }, capabilities: ['completion', 'vision'] },
      { model: 'b:1b', remote_host: 'https://ollama.com' },
      { model: 'c:cloud' },
      { digest: 'x' },
      null,
    ],
  }
  expect(modelList(body, 'ollama')).toEqual([
    {
      id: 'a:1b',
      provider: 'ollama',
      inputPerMTok: 0,
      outputPerMTok: 0,
      contextTokens: 8_192,
      supportsTools: false,
      input: ['text', 'image'],
    },
    { id: 'b:1b', provider: 'ollama' },
    { id: 'c:cloud', provider: 'ollama' },
  ])
  expect(modelList('no', 'ollama')).toEqual([])
})
