import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fixture, reads, wholeFixture, type Fixture } from '../fixture.ts'
import type { ServerOrder } from '../server.ts'

// A process of its own: what it spends is nobody's figure. It plays answers that the emulator wrote.
const { words, padded, paceMs } = JSON.parse(process.argv[2] ?? '{}') as ServerOrder // from startServer
const answer = await fixture('openai', words, { padded })
const whole = Buffer.from(await wholeFixture('openai', words))
const singly = reads(answer, 'event')
const held = new Set<ServerResponse>()

const server = createServer((request, response) => {
  request.resume()
  request.on('end', () => {
    if ((request.url ?? '').endsWith('/models')) return response.end('{"object":"list","data":[]}')
    const mode = /^\/(\w+)\//.exec(request.url ?? '')?.[1]
    if (mode === 'whole') {
      return response.writeHead(200, { 'content-type': 'application/json', 'content-length': whole.length }).end(whole)
    }
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
    if (mode === 'burst') return burst(response)
    if (mode === 'paced') return paced(response, paceMs)
    if (mode === 'brisk') return paced(response, 1)
    return hold(response, answer)
  })
})
server.keepAliveTimeout = 60_000
server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, () => {
  process.send?.((server.address() as AddressInfo).port)
})
process.on('message', (message) => {
  if (message === 'count') {
    process.send?.(held.size)
    return
  }
  for (const response of held) response.end(singly.slice(4).map(String).join(''))
  held.clear()
})
process.on('disconnect', () => process.exit())

function burst(response: ServerResponse): void {
  // One HTTP chunk for each event, as every vendor sends them; the system puts many into one network read.
  for (const bytes of singly) response.write(bytes)
  response.end()
}

function paced(response: ServerResponse, everyMs: number): void {
  let next = 0
  const timer = setInterval(() => {
    if (next < singly.length) response.write(singly[next++])
    else {
      clearInterval(timer)
      response.end()
    }
  }, everyMs)
  response.on('close', () => clearInterval(timer))
}

/** Sends the beginning, and the rest when the parent says so. */
function hold(response: ServerResponse, { events }: Fixture): void {
  response.write(events.slice(0, 4).join(''))
  held.add(response)
  response.on('close', () => held.delete(response))
}
