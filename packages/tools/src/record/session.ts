import type { Clock, Provider, ProviderRequest } from '@wayfare/core'
import type { Sample } from '@wayfare/provider-kit/testing'
import { strippedHeaders, strippedText } from './strip.ts'

/** Makes the provider to record. */
export type Factory = (options: { apiKey: string; baseURL?: string; fetch: typeof fetch }) => Provider

export interface Session {
  readonly factory: Factory
  readonly apiKey: string
  readonly baseURL?: string | undefined
  readonly model: string
  readonly tell: (line: string) => void
}

const said = 'Hé👋lo, wörld'
const city = 'Nîmes 👋'

/** What is asked, by the scenario that the answer is a sample of. */
const calls: { readonly [scenario: string]: Partial<ProviderRequest> } = {
  text: ask(`Reply with exactly this, and nothing else: ${said}`),
  json_body: { ...ask(`Reply with exactly this, and nothing else: ${said}`), stream: false },
  reasoning: { ...ask(`Think a little, then reply with exactly this, and nothing else: ${said}`), reasoning: 'low' },
  tool_call: {
    ...ask(`Ask the tool for the weather in "${city}".`),
    tools: [
      {
        name: 'weather',
        description: 'Tells the weather.',
        inputSchema: {
          type: 'object',
          properties: { city: { type: 'string' } },
          required: ['city'],
          additionalProperties: false,
        },
      },
    ],
  },
  finish_length: { ...ask('Count from one to a thousand in words.'), maxOutputTokens: 20 },
}

/** What the vendor should refuse. */
const refusals: ReadonlySet<string> = new Set(['not_found', 'auth'])

/** Asks the vendor, and returns its answers as samples. They hold neither the key nor ids of its account. */
export async function record(session: Session): Promise<ReadonlyMap<string, Sample>> {
  const samples = new Map<string, Sample>()
  for (const [name, call] of Object.entries(calls)) {
    await keep(name, session, samples, (provider) => drain(provider.chat(request({ model: session.model, ...call }))))
  }
  await keep('not_found', session, samples, (provider) =>
    drain(provider.chat(request({ ...ask('Hello'), model: 'no-such-model' }))),
  )
  await keep('auth', { ...session, apiKey: 'sk-wrong-000000000000' }, samples, (provider) =>
    drain(provider.chat(request({ ...ask('Hello'), model: session.model }))),
  )
  await keep('models', session, samples, async (provider) => void (await provider.models?.()))
  return samples
}

async function keep(
  name: string,
  { factory, apiKey, baseURL, tell }: Session,
  samples: Map<string, Sample>,
  ask: (provider: Provider) => Promise<void>,
): Promise<void> {
  const tape: Sample[] = []
  const recorder: typeof fetch = async (input, init) => {
    const response = await fetch(input, init)
    const bytes = await response.arrayBuffer()
    tape.push(sampleOf(response, new TextDecoder().decode(bytes), apiKey))
    return new Response(bytes, response)
  }
  const provider = factory({ apiKey, ...(baseURL !== undefined && { baseURL }), fetch: recorder })
  const failure = await Promise.resolve(provider)
    .then(ask)
    .then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    )
  const [sample] = tape
  if (sample === undefined) return tell(`${name}: nothing was answered${failure === undefined ? '' : `: ${failure}`}`)
  if (refusals.has(name) && sample.status === undefined) return tell(`${name}: not refused, so left out`)
  samples.set(name, sample)
  tell(`${name}: ${sample.status ?? 200}${failure === undefined ? '' : `, ${failure}`}`)
}

/** JSON bodies as values; the bodies of streams as text. */
function sampleOf(response: Response, text: string, apiKey: string): Sample {
  const body = strippedText(text, apiKey)
  if (apiKey.length >= 8 && body.includes(apiKey.slice(0, 12))) {
    throw new Error('a part of the key is still in the answer; nothing was written')
  }
  const headers = strippedHeaders(response.headers)
  const json = headers['content-type']?.startsWith('application/json') === true
  return {
    ...(response.status !== 200 && { status: response.status }),
    headers,
    body: json ? (JSON.parse(body) as unknown) : body,
  }
}

function ask(text: string): Partial<ProviderRequest> {
  return { messages: [{ role: 'user', content: [{ type: 'text', text }] }] }
}

function request(more: Partial<ProviderRequest> & { readonly model: string }): ProviderRequest {
  return {
    messages: [],
    tools: [],
    toolChoice: 'auto',
    maxOutputTokens: 2_000,
    stream: true,
    signal: new AbortController().signal,
    attemptId: 'recorded_1',
    clock,
    timeout: { connectMs: 10_000, firstByteMs: 120_000, idleMs: 120_000 },
    ...more,
  }
}

const clock: Clock = {
  now: () => performance.now(),
  date: () => new Date(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  timer(ms, fire) {
    const timer = setTimeout(fire, ms)
    return { clear: () => clearTimeout(timer) }
  },
}

async function drain(answer: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of answer);
}
