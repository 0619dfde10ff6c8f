// Imports one client, streams one answer, and tells what CPU time all of it took: in milliseconds, start of Node included.
// `undici` and `Node` send nothing: they are what cannot be less.
const idle = { stream: () => Promise.resolve(0) }
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
      return import('undici').then(() => idle)
    case 'Node':
      return Promise.resolve(idle)
    case 'AI SDK':
      return import('../peers/ai.ts').then(({ aiClient }) => aiClient(url))
    default:
      return import('../ours.ts').then(({ ours }) => ours(url))
  }
}
