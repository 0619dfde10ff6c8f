import { expect, test } from 'vitest'
import { scan } from '../src/index.ts'

test('events come out one by one and end with the body', async () => {
  const { body } = source('data: 1\n\nda', 'ta: 2\n\ndata: cut')
  expect(await datas(body)).toEqual(['1', '2'])
})

test('`until` ends the scan and closes the body', async () => {
  const { body, state } = source('data: 1\n\ndata: [DONE]\n\n', 'data: 2\n\n')
  expect(await datas(body, '[DONE]')).toEqual(['1'])
  expect(state).toEqual({ closed: true, read: 1 })
})

test('leaving the loop closes the body', async () => {
  const { body, state } = source('data: 1\n\ndata: 2\n\n', 'data: 3\n\n')
  for await (const event of scan(body)) {
    expect(event.data).toBe('1')
    break
  }
  expect(state).toEqual({ closed: true, read: 1 })
})

function source(...chunks: string[]): { body: AsyncIterable<Uint8Array>; state: { closed: boolean; read: number } } {
  const state = { closed: false, read: 0 }
  async function* body(): AsyncGenerator<Uint8Array> {
    try {
      for (const chunk of chunks) {
        state.read++
        yield new TextEncoder().encode(chunk)
      }
    } finally {
      state.closed = true
    }
  }
  return { body: body(), state }
}

async function datas(body: AsyncIterable<Uint8Array>, until?: string): Promise<string[]> {
  const seen: string[] = []
  for await (const event of scan(body, { until })) seen.push(event.data)
  return seen
}
