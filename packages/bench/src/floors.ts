import { Agent, request } from 'undici'
import type { Client } from './client.ts'
import { bodyOf, dispatched, headers } from './dispatched.ts'

const forEver = { headersTimeout: 0, bodyTimeout: 0, connections: 20_000 }

/** undici's `dispatch`, and nothing done with the bytes. */
export function dispatchFloor(baseURL: string): Client {
  return dispatching(baseURL, () => (chunk) => chunk.length)
}

/** The least that a client does which parses each event, with nothing around it: no checks, no events, no errors. */
export function parseFloor(baseURL: string): Client {
  return dispatching(baseURL, () => {
    let rest = ''
    return (chunk) => {
      const events = (rest + chunk.toString()).split('\n\n')
      rest = events.pop() ?? ''
      let characters = 0
      for (const event of events) {
        if (event === 'data: [DONE]') continue
        const { choices } = JSON.parse(event.slice(6)) as { choices: [{ delta: { content?: string } }?] } // the fixture
        characters += choices[0]?.delta.content?.length ?? 0
      }
      return characters
    }
  })
}

function dispatching(baseURL: string, reader: () => (chunk: Buffer) => number): Client {
  const agent = new Agent(forEver)
  return {
    stream: () => dispatched(agent, baseURL, true, reader()),
    complete: () => dispatched(agent, baseURL, false, reader()),
    close: () => agent.close(),
  }
}

/** undici's `request`: raw bytes of a stream; text and JSON.parse of one body. */
export function requestFloor(baseURL: string): Client {
  const dispatcher = new Agent(forEver)
  const url = `${baseURL}/chat/completions`
  return {
    async stream() {
      const { body } = await request(url, { method: 'POST', headers, body: bodyOf(true), dispatcher })
      let length = 0
      for await (const chunk of body) length += (chunk as Buffer).length // a body that is not decoded
      return length
    },
    async complete() {
      const { body } = await request(url, { method: 'POST', headers, body: bodyOf(false), dispatcher })
      const answer = JSON.parse(await body.text()) as { choices: [{ message: { content: string } }] } // the fixture
      return answer.choices[0].message.content.length
    },
    close: () => dispatcher.close(),
  }
}
