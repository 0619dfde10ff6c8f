import { createRequire } from 'node:module'
import type { Client as UndiciClient } from 'undici'
import { dispatched } from '../dispatched.ts'

// Imports one client, streams one answer, and tells what CPU time all of it took: in milliseconds, start of Node included.
// `undici` and `Node` are what cannot be less.
const [name, baseURL = ''] = process.argv.slice(2)
const client = await clientOf(baseURL)
await client?.stream()
const { user, system } = process.cpuUsage()
console.log((user + system) / 1_000)
process.exit(client === undefined ? 1 : 0)

function clientOf(url: string): Promise<{ stream(): Promise<number> } | undefined> {
  switch (name) {
    case 'openai':
      return import('../peers/openai.ts').then(({ openaiClient }) => openaiClient(url))
    case 'undici':
      return Promise.resolve({ stream: () => leastAnswer(url) })
    case 'Node':
      return Promise.resolve({ stream: () => Promise.resolve(0) })
    case 'AI SDK':
      return import('../peers/ai.ts').then(({ aiClient }) => aiClient(url))
    default:
      return import('../ours.ts').then(({ ours }) => ours(url))
  }
}

/** By the two files of undici that ours loads, too, and nothing done with the bytes; how many there were. */
function leastAnswer(url: string): Promise<number> {
  const require = createRequire(import.meta.url)
  const Client = require('undici/lib/dispatcher/client.js') as typeof UndiciClient // the same as undici's Client
  require('undici/lib/core/connect.js')
  return dispatched(new Client(new URL(url).origin), url, true, (chunk) => chunk.length)
}
