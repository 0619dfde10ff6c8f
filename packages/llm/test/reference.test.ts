import { describe, expect, test } from 'vitest'
import { BudgetError, CostTracker, LLMError, PriceRegistry, Router, createLLM, jsonSchema, tool } from '@wayfare/llm'
import type { FallbackRule, Provider, ProviderEvent, ProviderRequest } from '@wayfare/llm'
import { anthropic } from '@wayfare/anthropic'
import { startEmulator } from '@wayfare/emulator'
import { google } from '@wayfare/google'
import { ollama } from '@wayfare/ollama'
import { openai } from '@wayfare/openai'
import {
  fromOpenAIMessages,
  fromOpenAITools,
  openaiCompatible,
  readOpenAIStream,
  toOpenAIMessages,
} from '@wayfare/openai-compatible'
import { openrouter } from '@wayfare/openrouter'
import { SSEParser, scan } from '@wayfare/sse'

// Wayfare began as the TypeScript answer to a Go package named llm. Each of its symbols has its equivalent here, shown by
// the test of its name.

type Turn = readonly ProviderEvent[] | LLMError

function scripted(name: string, ...turns: Turn[]): Provider & { readonly requests: ProviderRequest[] } {
  const requests: ProviderRequest[] = []
  return {
    name,
    requests,
    async *chat(request) {
      requests.push(request)
      const turn = turns.length > 1 ? turns.shift() : turns[0]
      if (LLMError.is(turn)) throw turn
      yield* turn ?? []
    },
  }
}

const says = (text: string): Turn => [
  { type: 'text_delta', text },
  { type: 'usage', usage: { input: 1_000, output: 1_000 } },
  { type: 'finish', reason: 'stop' },
]

const prices = (): PriceRegistry => new PriceRegistry({ entries: [{ id: 'm', rates: { input: 1, output: 2 } }] })

describe('the router', () => {
  test('Router, NewRouter: new Router() picks the provider; createLLM() adds costs and prices', async () => {
    const router = new Router({ providers: [scripted('a', says('A'))], model: 'a/m' })
    expect((await router.complete({ messages: 'x' })).provider).toBe('a')
    expect(createLLM({ providers: [scripted('a', says('A'))], model: 'a/m' }).costs).toBeInstanceOf(CostTracker)
  })

  test('Router.Complete: one completion through budget, provider, fallbacks and cost record', async () => {
    const llm = createLLM({
      providers: [scripted('a', new LLMError('auth', 'no')), scripted('b', says('B'))],
      model: 'a/m',
      fallbacks: ['b/m'],
      prices: prices(),
      limits: { session: { hard: 1 } },
    })
    const { signal } = new AbortController()
    const response = await llm.complete({ session: 's', messages: 'x', signal })
    expect([response.text, response.costUsd]).toEqual(['B', 0.003])
    expect((await llm.costs.session('s')).costUsd).toBe(0.003)
  })

  test('Router.CompleteStream: complete({ onEvent }) and stream(); a provider that yields one part streams too', async () => {
    const whole: Turn = [
      { type: 'part', part: { type: 'text', text: 'all at once' } },
      { type: 'finish', reason: 'stop' },
    ]
    const router = new Router({ providers: [scripted('a', whole)], model: 'a/m' })
    const seen: string[] = []
    await router.complete({ messages: 'x', onEvent: (event) => event.type === 'text_delta' && seen.push(event.text) })
    for await (const text of router.stream({ messages: 'x' }).textStream) seen.push(text)
    expect(seen).toEqual(['all at once', 'all at once'])
  })

  test('Router.SetTools: the source is asked at every request', async () => {
    const provider = scripted('a', says('A'))
    const router = new Router({ providers: [provider], model: 'a/m' })
    const made = tool({ inputSchema: jsonSchema<object>({ type: 'object' }) })
    let count = 0
    router.setTools(() => ({ [`tool_${++count}`]: made }))
    await router.complete({ messages: 'x' })
    await router.complete({ messages: 'x' })
    expect(provider.requests.map((request) => request.tools[0]?.name)).toEqual(['tool_1', 'tool_2'])
  })

  test('Router.SetFallbacks: rules are checked when they are set', async () => {
    const router = new Router({
      providers: [scripted('a', new LLMError('auth', 'no')), scripted('b', says('B'))],
      model: 'a/m',
    })
    router.setFallbacks(['b/m'])
    expect((await router.complete({ messages: 'x' })).provider).toBe('b')
    expect(() => router.setFallbacks(['c/m'])).toThrow(/no provider "c" is registered/)
  })

  test('Router.SetPricing: the prices option prices every call', async () => {
    const registry = prices()
    const llm = createLLM({ providers: [scripted('a', says('A'))], model: 'a/m', prices: registry })
    expect(llm.prices).toBe(registry)
    expect((await llm.complete({ messages: 'x' })).costUsd).toBe(0.003)
  })

  test('Router.RegisterProvider: register() adds one by name', async () => {
    const router = new Router({ providers: [scripted('a', says('A'))], model: 'a/m' })
    router.register(scripted('b', says('B')))
    expect((await router.complete({ messages: 'x', model: 'b/m' })).text).toBe('B')
  })

  test('Router.DefaultModel, SetDefaultModel: defaultModel, setDefaultModel(), and with() for one call', async () => {
    const provider = scripted('a', says('A'))
    const router = new Router({ providers: [provider], model: 'a/one' })
    router.setDefaultModel('a/two')
    expect(router.defaultModel).toEqual({ provider: 'a', model: 'two' })
    await router.with({ model: 'a/three' }).complete({ messages: 'x' })
    expect(provider.requests[0]?.model).toBe('three')
  })

  test('Router.CostTracker: costs', () => {
    const costs = new CostTracker()
    expect(createLLM({ providers: [scripted('a')], model: 'a/m', costs }).costs).toBe(costs)
  })

  test('Router.HealthCheck: health() asks all side by side, none hides another', async () => {
    const sick: Provider = { ...scripted('sick'), health: () => Promise.reject(new LLMError('server', 'down')) }
    const well: Provider = { ...scripted('well'), health: () => Promise.resolve() }
    const health = await new Router({ providers: [sick, well], model: 'well/m' }).health()
    expect([health['sick']?.ok, health['well']?.ok]).toEqual([false, true])
  })

  test('Router.ListModels: models.names() is sorted and without repeats', async () => {
    const a: Provider = {
      ...scripted('a'),
      models: () =>
        Promise.resolve([
          { id: 'z', provider: 'a' },
          { id: 'b', provider: 'a' },
          { id: 'b', provider: 'a' },
        ]),
    }
    expect(await new Router({ providers: [a], model: 'a/b' }).models.names()).toEqual(['a/b', 'a/z'])
  })

  test("Router.ListModelDetails: the vendor's price first, else the registry's; by weekly tokens, then id; with errors", async () => {
    const a: Provider = {
      ...scripted('a'),
      models: () =>
        Promise.resolve([
          { id: 'm', provider: 'a' },
          { id: 'own', provider: 'a', inputPerMTok: 9, outputPerMTok: 9 },
          { id: 'popular', provider: 'a', weeklyTokens: 5 },
        ]),
    }
    const down: Provider = { ...scripted('down'), models: () => Promise.reject(new LLMError('server', 'down')) }
    const llm = createLLM({ providers: [a, down], model: 'a/m', prices: prices() })
    const { models, errors } = await llm.models.list()
    expect(models.map(({ id, inputPerMTok }) => [id, inputPerMTok])).toEqual([
      ['popular', undefined],
      ['m', 1],
      ['own', 9],
    ])
    expect(errors.map((error) => error.kind)).toEqual(['server'])
  })

  test.each<[string, LLMError, FallbackRule]>([
    ['error', new LLMError('auth', 'no'), { trigger: 'error', action: 'switch_provider', provider: 'b' }],
    [
      'rate_limit',
      new LLMError('rate_limit', 'no', { retryable: false }),
      { trigger: 'rate_limit', action: 'switch_provider', provider: 'b', model: 'm' },
    ],
    [
      'low_funds',
      new LLMError('billing', 'no'),
      { trigger: 'low_funds', threshold: 1, action: 'switch_provider', provider: 'b' },
    ],
    [
      'error, which covers rate limits without a rule',
      new LLMError('rate_limit', 'no', { retryable: false }),
      { trigger: 'error', action: 'switch_provider', provider: 'b' },
    ],
  ])(
    'FallbackRule: trigger %s switches the provider, to its default model where none is named',
    async (_, error, rule) => {
      const b: Provider = { ...scripted('b', says('B')), defaultModel: 'usual' }
      const router = new Router({ providers: [scripted('a', error), b], model: 'a/m', fallbacks: [rule] })
      const response = await router.complete({ messages: 'x' })
      expect([response.provider, response.model]).toEqual(['b', 'model' in rule && rule.model ? 'm' : 'usual'])
    },
  )

  test('FallbackRule: switch_model stays with the provider; wait_and_retry retries', async () => {
    const provider = scripted('a', new LLMError('model_not_found', 'no'), says('A'))
    const router = new Router({
      providers: [provider],
      model: 'a/m',
      fallbacks: [{ trigger: 'error', action: 'switch_model', model: 'n' }],
    })
    expect((await router.complete({ messages: 'x' })).model).toBe('n')
    const limited = scripted('a', new LLMError('rate_limit', 'no'), says('A'))
    const patient = new Router({
      providers: [limited],
      model: 'a/m',
      random: () => 0,
      fallbacks: [{ trigger: 'rate_limit', action: 'wait_and_retry', maxRetries: 1, backoff: 'exponential' }],
    })
    expect((await patient.complete({ messages: 'x' })).attempts).toHaveLength(2)
  })
})

describe('providers', () => {
  test('Provider: name, chat, health; StreamingProvider: every provider streams text and reasoning', async () => {
    const thinks = scripted('a', [
      { type: 'reasoning_delta', text: 'hm' },
      { type: 'text_delta', text: 'A' },
      { type: 'finish', reason: 'stop' },
    ])
    const types: string[] = []
    for await (const event of new Router({ providers: [thinks], model: 'a/m' }).stream({ messages: 'x' }))
      types.push(event.type)
    expect(types).toEqual(['attempt_start', 'reasoning_delta', 'text_delta', 'finish'])
  })

  test('BalanceProvider: USD left, Infinity is unlimited', async () => {
    const rich: Provider = { ...scripted('rich'), balance: () => Promise.resolve(Infinity) }
    const balance = await new Router({ providers: [rich, scripted('mute')], model: 'rich/m' }).balance()
    expect(balance).toEqual({ rich: Infinity, mute: undefined })
  })

  test('packages anthropic, openai, openrouter, ollama; ModelLister, ModelInfo, ProviderMetadata', async () => {
    await using emulator = await startEmulator()
    const providers = [
      anthropic({ baseURL: emulator.baseURL('anthropic'), apiKey: 'k' }),
      openai({ baseURL: emulator.baseURL('openai'), apiKey: 'k' }),
      openrouter({ baseURL: emulator.baseURL('openrouter'), apiKey: 'k' }),
      google({ baseURL: emulator.baseURL('google'), apiKey: 'k' }),
      ollama({ baseURL: emulator.baseURL('ollama') }),
      openaiCompatible({ name: 'mine', baseURL: emulator.baseURL('openai'), apiKey: 'k' }),
    ]
    const llm = createLLM({ providers, model: 'anthropic/claude-sonnet-5' })
    for (const { name } of providers) {
      expect((await llm.complete({ model: { provider: name, model: 'some-model' }, messages: 'Hello' })).text).toMatch(
        /^Hello/,
      )
    }
    const { models, errors } = await llm.models.list()
    expect(errors).toEqual([])
    expect(new Set(models.map((model) => model.provider)).size).toBe(providers.length)
    await llm.close()
  })

  test('ChatRequest, Message, ToolCall, ToolDef: OpenAI-shaped messages and tools are accepted', () => {
    const conversation = [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Weather?' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Oslo"}' } }],
      },
      { role: 'tool', tool_call_id: 'call_1', content: '21' },
    ]
    const messages = fromOpenAIMessages(conversation)
    expect(messages.map((message) => message.role)).toEqual(['system', 'user', 'assistant', 'tool'])
    expect(toOpenAIMessages(messages)).toMatchObject([
      { role: 'system' },
      { role: 'user' },
      { role: 'assistant' },
      { role: 'tool', tool_call_id: 'call_1' },
    ])
    const tools = fromOpenAITools([
      { type: 'function', function: { name: 'weather', description: 'Now', parameters: { type: 'object' } } },
    ])
    expect(tools['weather']?.description).toBe('Now')
  })

  test('LLMError: kind, status, retryable', () => {
    const error = new LLMError('server', 'down', { status: 500 })
    expect([error.kind, error.status, error.retryable]).toEqual(['server', 500, true])
  })
})

describe('costs', () => {
  test('ErrSoftLimitExceeded, ErrHardLimitExceeded: a soft limit is an event, a hard one a BudgetError', async () => {
    const llm = createLLM({
      providers: [scripted('a', says('A'))],
      model: 'a/m',
      prices: prices(),
      limits: { session: { soft: 0.001, hard: 0.006 } },
    })
    const events: string[] = []
    const ask = () =>
      llm.complete({ session: 's', messages: 'x', maxOutputTokens: 1_000, onEvent: (event) => events.push(event.type) })
    await ask()
    await ask()
    expect(events.filter((type) => type === 'soft_limit')).toHaveLength(1)
    const error: unknown = await ask().catch((thrown: unknown) => thrown)
    expect(BudgetError.is(error) && error.scope.kind).toBe('session')
  })

  test('CostTracker, NewCostTracker, DefaultLimits, SetAgentLimits: limits and setLimits; an agent override limits each of its sessions', async () => {
    const costs = new CostTracker({ limits: { session: { hard: 5 }, agents: { support: { session: { hard: 1 } } } } })
    costs.setLimits({ kind: 'agent', id: 'sales' }, { hard: 30 })
    expect(costs.limits).toMatchObject({
      session: { hard: 5 },
      agents: { support: { session: { hard: 1 } }, sales: { hard: 30 } },
    })
    await costs.record({ session: 'support:web:1', costUsd: 2 })
    await costs.record({ session: 'sales:web:1', costUsd: 2 })
    expect(await costs.check('support:web:1')).toBe('hard_exceeded')
    expect(await costs.check('sales:web:1')).toBe('within')
  })

  test('.Record, .RecordWithTokens: record() adds, and says whether the limit still holds', async () => {
    const costs = new CostTracker({ limits: { session: { hard: 1 } } })
    expect(
      await costs.record({ session: 's', costUsd: 0.5, usage: { input: 10, output: 5 }, pricingSource: 'registry' }),
    ).toBe(true)
    expect(await costs.record({ session: 's', costUsd: 0.6 })).toBe(false)
  })

  test('.SessionCost, .GlobalCost, .AllSessionCosts, .AllSessionStats: session(), global(), sessions()', async () => {
    const costs = new CostTracker()
    await costs.record({ session: 'a:1', costUsd: 1, usage: { input: 3, output: 4 }, pricingSource: 'registry' })
    await costs.record({ session: 'b:1', costUsd: 2 })
    expect(await costs.session('a:1')).toMatchObject({
      costUsd: 1,
      inputTokens: 3,
      outputTokens: 4,
      messages: 1,
      pricingSources: ['registry'],
    })
    expect((await costs.global()).costUsd).toBe(3)
    expect((await costs.sessions()).sessions.map((stats) => [stats.session, stats.costUsd])).toEqual([
      ['a:1', 1],
      ['b:1', 2],
    ])
    await costs.forget('a:1')
    expect((await costs.sessions()).sessions.map((stats) => stats.session)).toEqual(['b:1'])
  })

  test('.AgentCosts: the agent is the part before the first colon, or named on the call', async () => {
    const costs = new CostTracker()
    await costs.record({ session: 'support:web:1', costUsd: 1 })
    await costs.record({ session: 'support:mail:2', costUsd: 1 })
    const llm = createLLM({ providers: [scripted('a', says('A'))], model: 'a/m', costs })
    await llm.complete({ session: 'x', agent: 'night', messages: 'x' })
    const agents = await costs.agents()
    expect(agents.map(({ agent, sessions }) => [agent, sessions])).toEqual([
      ['support', 2],
      ['night', 1],
    ])
  })

  test('.ExceedsSoftLimit, .ExceedsHardLimit, .ExceedsBudget, .MaxBudgetPerSession: check()', async () => {
    const costs = new CostTracker({ limits: { session: { soft: 1, hard: 2 } } })
    expect(await costs.check('s')).toBe('within')
    await costs.record({ session: 's', costUsd: 1.5 })
    expect(await costs.check('s')).toBe('soft_exceeded')
    await costs.record({ session: 's', costUsd: 1 })
    expect(await costs.check('s')).toBe('hard_exceeded')
  })
})

describe('prices', () => {
  const usage = { input: 1_000, cacheRead: 0, cacheWrite: 0, cacheWrite1h: 0, output: 0, reasoning: 0, total: 1_000 }

  test('TokenCost: reported by the vendor, else the registry, else the fallback rate, else unknown', () => {
    const registry = prices()
    expect(registry.price({ provider: 'a', model: 'm', usage, reportedUsd: 0 })).toMatchObject({
      usd: 0,
      source: 'provider',
    })
    expect(registry.price({ provider: 'a', model: 'm', usage })).toMatchObject({ usd: 0.001 })
    expect(registry.price({ provider: 'a', model: 'nobody', usage })).toMatchObject({
      priced: false,
      source: 'unknown',
    })
    registry.setFallbackRate({ input: 2, output: 2 })
    expect(registry.price({ provider: 'a', model: 'nobody', usage })).toMatchObject({ usd: 0.002, source: 'fallback' })
  })

  test('pricing.Registry: Register, RegisterPrefix (the longest wins), Lookup, per-provider overrides', () => {
    const registry = prices()
    registry.registerPrefix('big-', { input: 3, output: 3 })
    registry.registerPrefix('big-blue-', { input: 4, output: 4 })
    registry.register({ provider: 'b', id: 'm', rates: { input: 9, output: 9 } })
    expect(registry.lookup('a', 'big-blue-1')?.input).toBe(4)
    expect(registry.lookup('a', 'big-red')?.input).toBe(3)
    expect([registry.lookup('a', 'm')?.input, registry.lookup('b', 'm')?.input]).toEqual([1, 9])
  })
})

describe('streams', () => {
  async function* bytes(text: string): AsyncGenerator<Uint8Array> {
    yield new TextEncoder().encode(text)
  }

  test('SSEScanner, NewSSEScanner, SSEEvent: scan() stops at its sentinel; SSEParser takes bytes by hand', async () => {
    const events: string[] = []
    for await (const { event, data } of scan(bytes('event: a\ndata: 1\n\ndata: [DONE]\n\ndata: 2\n\n'), {
      until: '[DONE]',
    }))
      events.push(`${event} ${data}`)
    expect(events).toEqual(['a 1'])
    expect(new SSEParser().feed(new TextEncoder().encode('data: x\n\n')).map((event) => event.data)).toEqual(['x'])
  })

  test('ReadOAIStream, OAIStreamResult, OAIStreamUsage: readOpenAIStream() accumulates an OpenAI-compatible stream', async () => {
    const chunks = [
      { model: 'gpt', choices: [{ index: 0, delta: { role: 'assistant', reasoning_content: 'hm' } }] },
      { choices: [{ index: 0, delta: { content: 'Hi' } }] },
      { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
      {
        choices: [],
        usage: { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7, prompt_tokens_details: { cached_tokens: 1 } },
      },
    ]
    const stream = chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join('') + 'data: [DONE]\n\n'
    const result = await readOpenAIStream(bytes(stream))
    expect(result).toMatchObject({
      content: 'Hi',
      reasoningContent: 'hm',
      model: 'gpt',
      finishReason: 'stop',
      usage: { input: 4, cacheRead: 1, output: 2 },
    })
  })
})
