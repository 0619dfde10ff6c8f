import { LLMError, type ProviderEvent } from '@wayfare/core'
import { expect, test } from 'vitest'
import {
  decoded,
  endpoint,
  SSEDecoder,
  type AnswerReader,
  type AnswerState,
  type EndpointRequest,
} from '../src/index.ts'
import { manualClock } from './manual-clock.ts'
import { failure, serve } from './server.ts'

const stream = { 'content-type': 'text/event-stream' }
const timeout = { connectMs: 1000, firstByteMs: 2000, idleMs: 3000 }

/** A wire of words: `end` is the last one, `bad` an error. */
class WordReader implements AnswerReader {
  state: AnswerState = 'open'

  read(data: string, out: ProviderEvent[]): void {
    if (data === 'bad') throw new LLMError('server', 'a bad word')
    if (data === 'end') this.state = 'finished'
    else out.push({ type: 'text_delta', text: data })
  }

  readLast(data: string, out: ProviderEvent[]): void {
    this.read(data, out)
  }

  end(out: ProviderEvent[]): void {
    if (this.state === 'open') throw new LLMError('stream_truncated', 'no last word')
    out.push({ type: 'finish', reason: 'stop' })
  }

  empty(): LLMError {
    return new LLMError('protocol', 'not a word')
  }

  endless(): LLMError {
    return new LLMError('protocol', 'no end of words')
  }
}

function ask(url: string, more: Partial<EndpointRequest> = {}): AsyncIterableIterator<readonly ProviderEvent[]> {
  return asker(url)(more)
}

function asker(url: string): (more?: Partial<EndpointRequest>) => AsyncIterableIterator<readonly ProviderEvent[]> {
  const api = endpoint({ provider: 'acme', baseURL: url })
  const question = { path: 'chat', body: {}, decoder: () => new SSEDecoder(new WordReader()) }
  return (more) => api.ask(() => question, { signal: new AbortController().signal, ...more })
}

const word = (text: string): ProviderEvent => ({ type: 'text_delta', text })
const finish: ProviderEvent = { type: 'finish', reason: 'stop' }

test('the events of one read come together, and the last ones with the end', async () => {
  await using server = await serve((_, response) =>
    response.writeHead(200, stream).end('data: one\n\ndata: two\n\ndata: end\n\ndata: more\n\n'),
  )
  const answer = ask(server.url)
  expect(await answer.next()).toEqual({ done: false, value: [word('one'), word('two'), finish] })
  expect(await answer.next()).toEqual({ done: true, value: undefined })
  expect(await answer.next()).toEqual({ done: true, value: undefined })
})

test('nothing is asked and nothing sent before the first pull', async () => {
  await using server = await serve((_, response) => response.end())
  const api = endpoint({ provider: 'acme', baseURL: server.url })
  let asked = 0
  const answer = api.ask(
    () => {
      asked++
      throw new LLMError('config', 'no such question')
    },
    { signal: new AbortController().signal },
  )
  await new Promise((resolve) => setImmediate(resolve))
  expect(asked).toBe(0)
  expect(await failure(answer.next())).toMatchObject({ kind: 'config' })
  expect(await answer.next()).toEqual({ done: true, value: undefined })
  expect(server.connections()).toBe(0)
})

test('what came before a failure comes first, and the connection is closed', async () => {
  await using server = await serve((_, response) => {
    response.writeHead(200, stream).write('data: one\n\ndata: bad\n\ndata: two\n\n')
  })
  const answer = ask(server.url)
  expect(await answer.next()).toEqual({ done: false, value: [word('one')] })
  await server.quiet()
  expect(await failure(answer.next())).toMatchObject({ kind: 'server' })
  expect(await answer.next()).toEqual({ done: true, value: undefined })
})

test('a connection whose body ends with its protocol serves the next answer', async () => {
  await using server = await serve((_, response) => {
    response.writeHead(200, stream).write('data: end\n\n')
    setImmediate(() => response.end())
  })
  const next = asker(server.url)
  for (let i = 0; i < 3; i++) expect(await next().next()).toEqual({ done: false, value: [finish] })
  expect(server.connections()).toBe(1)
})

test('a body that goes on behind the end of its protocol is closed after a moment', async () => {
  const clock = manualClock()
  await using server = await serve((_, response) => void response.writeHead(200, stream).write('data: end\n\n'))
  let done = false
  const last = ask(server.url, { clock, timeout })
    .next()
    .finally(() => (done = true))
  while (!done) {
    await new Promise((resolve) => setImmediate(resolve))
    clock.advance(10)
  }
  expect(await last).toEqual({ done: false, value: [finish] })
  await server.quiet()
  expect(clock.pending).toBe(0)
})

test('leaving ends a pull at once and closes the connection, before the head of an answer and behind it', async () => {
  for (const head of [false, true]) {
    let arrived = (): void => {}
    const arrival = new Promise<void>((resolve) => (arrived = resolve))
    await using server = await serve((_, response) => {
      if (head) response.writeHead(200, stream).write('data: one\n\n')
      arrived()
    })
    const answer = ask(server.url)
    if (head) await answer.next()
    const waiting = answer.next()
    await arrival
    await answer.return?.()
    expect(await waiting).toEqual({ done: true, value: undefined })
    expect(await answer.next()).toEqual({ done: true, value: undefined })
    await server.quiet()
  }
})

test('leaving before the first pull sends nothing', async () => {
  await using server = await serve((_, response) => response.end())
  const answer = ask(server.url)
  await answer.return?.()
  expect(await answer.next()).toEqual({ done: true, value: undefined })
  expect(server.connections()).toBe(0)
})

test('pulls that come too early are answered in their order', async () => {
  let more = (): void => {}
  await using server = await serve((_, response) => {
    response.writeHead(200, stream).write('data: one\n\n')
    more = () => response.end('data: two\n\ndata: end\n\n')
  })
  const answer = ask(server.url)
  const [first, second, third] = [answer.next(), answer.next(), answer.next()]
  expect(await first).toEqual({ done: false, value: [word('one')] })
  more()
  expect(await second).toEqual({ done: false, value: [word('two'), finish] })
  expect(await third).toEqual({ done: true, value: undefined })
})

test('a body that cannot be closed harms neither an answer that is complete nor who leaves', async () => {
  const refuses = (words: string): AsyncIterableIterator<readonly ProviderEvent[]> => {
    const body: AsyncIterable<Uint8Array> = {
      [Symbol.asyncIterator]: () => ({
        next: async () => ({ done: false, value: Buffer.from(words) }),
        return: async () => {
          throw new Error('it is locked')
        },
      }),
    }
    return decoded(body, new SSEDecoder(new WordReader()))
  }
  const whole = refuses('data: one\n\ndata: end\n\n')
  expect(await whole.next()).toEqual({ done: false, value: [word('one'), finish] })
  expect(await whole.next()).toEqual({ done: true, value: undefined })
  const left = refuses('data: one\n\n')
  const waiting = left.next()
  expect(await left.return?.()).toEqual({ done: true, value: undefined })
  expect(await waiting).toEqual({ done: true, value: undefined })
})
