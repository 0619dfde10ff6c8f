import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Provider } from '@wayfare/core'
import type { VendorOptions } from '@wayfare/provider-kit'
import { expect, test } from 'vitest'
import { broken, events, sse, chunk } from '../call.ts'
import { azure } from '../../src/profiles/azure.ts'
import { cerebras } from '../../src/profiles/cerebras.ts'
import { deepseek } from '../../src/profiles/deepseek.ts'
import { fireworks } from '../../src/profiles/fireworks.ts'
import { groq } from '../../src/profiles/groq.ts'
import { litellm } from '../../src/profiles/litellm.ts'
import { llamacpp } from '../../src/profiles/llamacpp.ts'
import { lmstudio } from '../../src/profiles/lmstudio.ts'
import { mistral } from '../../src/profiles/mistral.ts'
import { moonshot } from '../../src/profiles/moonshot.ts'
import { perplexity } from '../../src/profiles/perplexity.ts'
import { together } from '../../src/profiles/together.ts'
import { vercel } from '../../src/profiles/vercel.ts'
import { vllm } from '../../src/profiles/vllm.ts'
import { xai } from '../../src/profiles/xai.ts'

interface Row {
  readonly vendor: string
  readonly make: (options: VendorOptions) => Provider
  readonly url: string
  /** Absent: no key is needed. */
  readonly variable?: string
}

const rows: readonly Row[] = [
  { vendor: 'deepseek', make: deepseek, url: 'https://api.deepseek.com', variable: 'DEEPSEEK_API_KEY' },
  { vendor: 'groq', make: groq, url: 'https://api.groq.com/openai/v1', variable: 'GROQ_API_KEY' },
  { vendor: 'mistral', make: mistral, url: 'https://api.mistral.ai/v1', variable: 'MISTRAL_API_KEY' },
  { vendor: 'xai', make: xai, url: 'https://api.x.ai/v1', variable: 'XAI_API_KEY' },
  { vendor: 'together', make: together, url: 'https://api.together.xyz/v1', variable: 'TOGETHER_API_KEY' },
  {
    vendor: 'fireworks',
    make: fireworks,
    url: 'https://api.fireworks.ai/inference/v1',
    variable: 'FIREWORKS_API_KEY',
  },
  { vendor: 'cerebras', make: cerebras, url: 'https://api.cerebras.ai/v1', variable: 'CEREBRAS_API_KEY' },
  { vendor: 'perplexity', make: perplexity, url: 'https://api.perplexity.ai', variable: 'PERPLEXITY_API_KEY' },
  { vendor: 'moonshot', make: moonshot, url: 'https://api.moonshot.ai/v1', variable: 'MOONSHOT_API_KEY' },
  {
    vendor: 'azure',
    make: (options) => azure({ ...options, resource: 'mine' }),
    url: 'https://mine.openai.azure.com/openai/v1',
    variable: 'AZURE_OPENAI_API_KEY',
  },
  { vendor: 'vercel', make: vercel, url: 'https://ai-gateway.vercel.sh/v1', variable: 'AI_GATEWAY_API_KEY' },
  { vendor: 'lmstudio', make: lmstudio, url: 'http://localhost:1234/v1' },
  { vendor: 'vllm', make: vllm, url: 'http://localhost:8000/v1' },
  { vendor: 'llamacpp', make: llamacpp, url: 'http://localhost:8080/v1' },
  { vendor: 'litellm', make: litellm, url: 'http://localhost:4000/v1' },
]

test.each(rows)('$vendor is at $url', async ({ vendor, make, url }) => {
  const seen: { url: string; headers: Headers }[] = []
  const answer: typeof fetch = async (input, init) => {
    seen.push({ url: input instanceof Request ? input.url : String(input), headers: new Headers(init?.headers) })
    return new Response(sse([chunk({ content: 'x' }, 'stop')]), { headers: { 'content-type': 'text/event-stream' } })
  }
  const provider = make({ apiKey: 'canary', fetch: answer })
  expect((await events(provider)).at(-1)).toMatchObject({ type: 'finish', reason: 'stop' })
  expect(provider).toMatchObject({ name: vendor, vendor })
  expect(seen[0]?.url).toBe(`${url}/chat/completions`)
  const headers = vendor === 'azure' ? { 'api-key': 'canary' } : { authorization: 'Bearer canary' }
  expect(Object.fromEntries(seen[0]?.headers ?? [])).toMatchObject(headers)
})

test.each(rows)('$vendor without a key', async ({ vendor, make, variable }) => {
  const answer: typeof fetch = async () =>
    new Response(sse([chunk({}, 'stop')]), { headers: { 'content-type': 'text/event-stream' } })
  const provider = make({ apiKey: () => '', fetch: answer })
  if (variable === undefined) {
    expect((await events(provider)).at(-1)).toMatchObject({ type: 'finish' })
    return
  }
  const { error } = await broken(provider)
  expect(error).toMatchObject({ kind: 'config', message: `${vendor} needs an API key; set ${variable} or pass apiKey` })
})

const stops = { stopsOnAbort: true }
test.each<[string, Provider, object | undefined]>([
  ['deepseek', deepseek(), { ...stops, tools: true }],
  ['groq', groq(), undefined],
  ['mistral', mistral(), undefined],
  ['xai', xai(), stops],
  ['together', together(), stops],
  ['fireworks', fireworks(), stops],
  ['cerebras', cerebras(), undefined],
  ['perplexity', perplexity(), { tools: false }],
  ['moonshot', moonshot(), undefined],
  ['azure', azure({ resource: 'mine' }), stops],
  ['vercel', vercel(), undefined],
  ['lmstudio', lmstudio(), { free: true }],
  ['vllm', vllm(), { ...stops, free: true }],
  ['llamacpp', llamacpp(), { ...stops, free: true }],
  ['litellm', litellm(), undefined],
])('what is known of %s: whether it stops, whether it is free', (_, provider, traits) => {
  expect(provider.traits?.('any')).toEqual(traits)
})

test.each<[string, (options?: VendorOptions) => Provider, string]>([
  ['GROQ_API_KEY', groq, 'GROQ_API_KEY'],
  ['LITELLM_API_KEY', litellm, 'LITELLM_API_KEY'],
  ['AI_GATEWAY_API_KEY', vercel, 'AI_GATEWAY_API_KEY'],
  ['VERCEL_OIDC_TOKEN', vercel, 'VERCEL_OIDC_TOKEN'],
])('a key in %s is read at the request', async (_, make, variable) => {
  const names = ['GROQ_API_KEY', 'LITELLM_API_KEY', 'AI_GATEWAY_API_KEY', 'VERCEL_OIDC_TOKEN']
  const before = names.map((name) => [name, process.env[name]] as const)
  let sent: string | null = null
  const answer: typeof fetch = async (_url, init) => {
    sent = new Headers(init?.headers).get('authorization')
    return new Response(sse([chunk({}, 'stop')]), { headers: { 'content-type': 'text/event-stream' } })
  }
  const provider = make({ fetch: answer })
  try {
    for (const name of names) delete process.env[name]
    process.env[variable] = 'from-the-environment'
    await events(provider)
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  }
  expect(sent).toBe('Bearer from-the-environment')
})

test('a name of one’s own changes nothing but the name', () => {
  expect(groq({ name: 'groq-2', defaultModel: 'm' })).toMatchObject({
    name: 'groq-2',
    vendor: 'groq',
    defaultModel: 'm',
  })
})

test('no vendor is named outside its own file', () => {
  const source = fileURLToPath(new URL('../../src/', import.meta.url))
  // One of them is an ordinary word.
  const vendors = rows.map(({ vendor }) => vendor).filter((vendor) => vendor !== 'together')
  const names = new RegExp(`\\b(${vendors.join('|')}|kimi|grok|x_groq)\\b`, 'i')
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  const profiles = files.filter((file) => /^profiles[\\/]/.test(file))
  expect(profiles).toHaveLength(rows.length)
  const shared = files.filter((file) => !profiles.includes(file))
  expect(shared.filter((file) => names.test(readFileSync(source + file, 'utf8')))).toEqual([])
})

test('every profile is a door of the package', () => {
  const manifest = readFileSync(fileURLToPath(new URL('../../package.json', import.meta.url)), 'utf8')
  const doors = Object.keys((JSON.parse(manifest) as { exports: object }).exports) // our own file
  expect(doors).toEqual(expect.arrayContaining(rows.map(({ vendor }) => `./${vendor}`)))
})
