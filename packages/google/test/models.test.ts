import { expect, test } from 'vitest'
import { listModels } from '../src/models.ts'

test('pages are followed to the last, and only models that chat are listed', async () => {
  const asked: string[] = []
  const pages = [
    {
      models: [
        { name: 'models/a', supportedGenerationMethods: ['generateContent'], inputTokenLimit: 5 },
        { name: 'models/e', supportedGenerationMethods: ['embedContent'] },
        {},
      ],
      nextPageToken: 't 1',
    },
    { models: [{ name: 'models/b' }] },
  ]
  const models = await listModels('google', (path) => {
    asked.push(path)
    return Promise.resolve(pages[asked.length - 1])
  })
  expect(asked).toEqual(['models?pageSize=1000', 'models?pageSize=1000&pageToken=t%201'])
  expect(models).toEqual([
    { id: 'a', provider: 'google', contextTokens: 5 },
    { id: 'b', provider: 'google' },
  ])
})
