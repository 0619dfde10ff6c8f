import { expect, test } from 'vitest'
import { listModels } from '../src/models.ts'

test('pages are followed to the last', async () => {
  const asked: string[] = []
  const pages = [
    { data: [{ id: 'a', capabilities: { image_input: true } }, { id: 7 }], has_more: true, last_id: 'a' },
    { data: [{ id: 'b' }], has_more: false, last_id: 'b' },
  ]
  const models = await listModels('anthropic', (path) => {
    asked.push(path)
    return Promise.resolve(pages[asked.length - 1])
  })
  expect(asked).toEqual(['models?limit=1000', 'models?limit=1000&after_id=a'])
  expect(models).toEqual([
    { id: 'a', provider: 'anthropic', supportsTools: true, input: ['text', 'image'] },
    { id: 'b', provider: 'anthropic', supportsTools: true },
  ])
})

test('a list that never ends is left', async () => {
  let asked = 0
  const models = await listModels('anthropic', () => {
    asked++
    return Promise.resolve({ data: [{ id: 'a' }], has_more: true, last_id: 'a' })
  })
  expect(asked).toBe(2)
  expect(models).toHaveLength(2)
})
