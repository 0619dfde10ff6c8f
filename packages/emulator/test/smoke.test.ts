import { expect, test } from 'vitest'
import { startEmulator } from '../src/index.ts'

test('an emulator answers with the default reply', async () => {
  await using emulator = await startEmulator()
  const response = await fetch(`${emulator.baseURL('ollama')}/api/chat`, {
    method: 'POST',
    body: JSON.stringify({ model: 'qwen3:8b', stream: false, messages: [{ role: 'user', content: 'hi' }] }),
  })
  expect(await response.json()).toMatchObject({ message: { content: 'Hello from qwen3:8b.' } })
})
