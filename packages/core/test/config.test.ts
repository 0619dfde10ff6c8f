import { describe, expect, test } from 'vitest'
import { LLMError, Router, jsonSchema } from '@wayfare/core'
import type { ChatCall, Fallbacks, Provider, RouterOptions } from '@wayfare/core'
import { answered } from './kit/events.ts'
import { rig } from './kit/rig.ts'

const provider = (name: string): Provider => ({ name, async *chat() {} })
const good = { providers: [provider('openai'), provider('ollama')], model: 'openai/m' } satisfies RouterOptions

/** What the wrong input makes of a good one; `as` because the compiler would not let it pass. */
const wrong = (more: object): RouterOptions => ({ ...good, ...more }) as RouterOptions

function thrownBy(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  return undefined
}

/** Of a router as of a call. */
const optIns: readonly (readonly [object, string])[] = [
  [{ alternatives: 'openai/n' }, 'alternatives must be a list of references, such as ["openai/gpt-5.4"]'],
  [{ alternatives: ['gpt'] }, '"gpt" is not a model reference; write provider/model, such as "openai/gpt-5.4"'],
  [{ alternatives: [null] }, 'null is not a model reference'],
  [
    { alternatives: ['olama/m'] },
    'no provider "olama" is registered (did you mean "ollama"?); registered: ollama, openai',
  ],
  [{ order: 'cheap' }, 'order must be "listed", "cheapest", "fastest" or { weights }'],
  [{ order: null }, 'order must be "listed", "cheapest", "fastest" or { weights }'],
  [{ order: {} }, 'order must be "listed", "cheapest", "fastest" or { weights }'],
  [{ order: { weights: 1 } }, 'order must be "listed", "cheapest", "fastest" or { weights }'],
  [{ order: { weights: {}, wieghts: {} } }, 'order: unknown option "wieghts"; did you mean "weights"?'],
  [{ order: { weights: { 'openai/m': '1' } } }, 'order.weights["openai/m"] must be a number, 0 or more'],
  [{ order: { weights: { 'openai/m': NaN } } }, 'order.weights["openai/m"] must be a number, 0 or more'],
  [{ order: { weights: { 'openai/m': -1 } } }, 'order.weights["openai/m"] must be a number, 0 or more'],
  [{ order: { weights: { 'openai/m': Infinity } } }, 'order.weights["openai/m"] must be a number, 0 or more'],
  [
    { alternatives: ['ollama/m'], order: { weights: { 'olama/m': 1 } } },
    'order.weights names "olama/m", which is not in the group (openai/m, ollama/m); did you mean "ollama/m"?',
  ],
  [
    { alternatives: ['ollama/m'], order: { weights: { 'openai/m': 0, 'ollama/m': 0 } } },
    'order.weights leaves no target that may go first; give one of them more than 0',
  ],
  [{ affinity: 5 }, 'affinity must be { ttlMs }'],
  [{ affinity: null }, 'affinity must be { ttlMs }'],
  [{ affinity: {} }, 'affinity.ttlMs must be a number of milliseconds, 0 or more'],
  [{ affinity: { ttlMs: -1 } }, 'affinity.ttlMs must be a number of milliseconds, 0 or more'],
  [{ affinity: { ttlMs: NaN } }, 'affinity.ttlMs must be a number of milliseconds, 0 or more'],
  [{ affinity: { ttl: 5 } }, 'affinity: unknown option "ttl"'],
  [{ hedge: 5 }, 'hedge must be { afterMs }'],
  [{ hedge: { afterMs: -1 } }, 'hedge.afterMs must be a number of milliseconds, 0 or more'],
  [{ hedge: { afterMs: '1' } }, 'hedge.afterMs must be a number of milliseconds, 0 or more'],
  [{ hedge: { aftrMs: 1 } }, 'hedge: unknown option "aftrMs"; did you mean "afterMs"?'],
]

const constructions: readonly (readonly [object, string])[] = [
  [{ modle: 'openai/m' }, 'unknown option "modle"; did you mean "model"?'],
  [{ onEvnt: 1 }, 'unknown option "onEvnt"'],
  [{ messages: 'x' }, 'unknown option "messages"'],
  [{ toString: 1 }, 'unknown option "toString"'],
  [{ zzzzzzzzz: 1 }, 'unknown option "zzzzzzzzz"'],
  [{ providers: undefined }, 'providers must be a list, such as [anthropic(), openai()]'],
  [{ providers: provider('a') }, 'providers must be a list, such as [anthropic(), openai()]'],
  [
    { providers: [() => provider('a')] },
    'a provider needs a name and chat(); did you forget to call it, as in openai()?',
  ],
  [{ providers: [undefined] }, 'a provider needs a name and chat(); did you forget to call it, as in openai()?'],
  [{ providers: [provider('')] }, 'a provider needs a name that is not empty and has no "/"'],
  [{ providers: [provider('a/b')] }, 'a provider needs a name that is not empty and has no "/"'],
  [
    { providers: [provider('a'), provider('a')] },
    'the provider name "a" is taken; give the second one another, as in openai({ name: "a-2" })',
  ],
  [{ model: undefined }, 'model is missing; give a default such as "openai/gpt-5.4"'],
  [{ model: null }, 'null is not a model reference; write provider/model, such as "openai/gpt-5.4"'],
  [{ model: 'gpt' }, '"gpt" is not a model reference; write provider/model, such as "openai/gpt-5.4"'],
  [{ model: '/m' }, '"/m" is not a model reference; write provider/model, such as "openai/gpt-5.4"'],
  [{ model: 'openai/' }, '"openai/" is not a model reference; write provider/model, such as "openai/gpt-5.4"'],
  [{ model: '' }, '"" is not a model reference; write provider/model, such as "openai/gpt-5.4"'],
  [{ model: { provider: 'openai' } }, 'a model target needs { provider, model }, both non-empty strings'],
  [{ model: { provider: '', model: 'm' } }, 'a model target needs { provider, model }, both non-empty strings'],
  [{ model: 'opena/m' }, 'no provider "opena" is registered (did you mean "openai"?); registered: ollama, openai'],
  [{ model: 'x/m', providers: [] }, 'no provider "x" is registered; registered: none'],
  [{ timeout: 0 }, 'timeout.totalMs must be a positive number of milliseconds'],
  [{ timeout: -1 }, 'timeout.totalMs must be a positive number of milliseconds'],
  [{ timeout: NaN }, 'timeout.totalMs must be a positive number of milliseconds'],
  [{ timeout: { idleMs: '5' } }, 'timeout.idleMs must be a positive number of milliseconds'],
  [{ timeout: { idel: 5 } }, 'unknown option "idel"'],
  [{ timeout: { totlaMs: 5 } }, 'unknown option "totlaMs"; did you mean "totalMs"?'],
  [{ timeout: null }, 'timeout must be a number of milliseconds, or an object such as { totalMs: 60_000 }'],
  [{ timeout: '5' }, 'timeout must be a number of milliseconds'],
  [{ timeout: true }, 'timeout must be a number of milliseconds'],
  [{ maxOutputTokens: -1 }, 'maxOutputTokens must be a whole number above 0'],
  [{ temperature: -1 }, 'temperature must be a number, 0 or more'],
  ...optIns,
]

const rules: readonly (readonly [unknown, string])[] = [
  ['b/m', 'fallbacks must be a list of rules and references'],
  [['nowhere/m'], 'no provider "nowhere" is registered; registered: ollama, openai'],
  [['gpt'], '"gpt" is not a model reference; write provider/model, such as "openai/gpt-5.4"'],
  [[null], 'fallbacks[0] must be a rule or a "provider/model" reference'],
  [[{ trigger: 'error' }], 'fallbacks[0].action must be "switch_provider", "switch_model" or "wait_and_retry"'],
  [
    [{ trigger: 'error', action: 'jump' }],
    'fallbacks[0].action must be "switch_provider", "switch_model" or "wait_and_retry"',
  ],
  [
    ['ollama/m', { trigger: 'rate_limits', action: 'switch_model', model: 'm' }],
    'fallbacks[1].trigger "rate_limits" is unknown; did you mean "rate_limit"?',
  ],
  [
    [{ trigger: [], action: 'switch_model', model: 'm' }],
    'fallbacks[0].trigger is empty; name at least one of error, rate_limit, timeout, overloaded, context_length, content_filter, low_funds, cost_limit',
  ],
  [[{ action: 'switch_model', model: 'm' }], 'fallbacks[0].trigger is empty; name at least one of error, rate_limit'],
  [[{ trigger: 'error', action: 'switch_model' }], 'fallbacks[0].model must be a model id'],
  [[{ trigger: 'error', action: 'switch_provider', provider: 'x', model: 'm' }], 'no provider "x" is registered'],
  [
    [{ trigger: 'error', action: 'switch_provider', provider: 'ollama' }],
    'fallbacks[0] names no model and the provider "ollama" has no default; add model',
  ],
  [
    [{ trigger: 'error', action: 'wait_and_retry', maxRetries: -1 }],
    'fallbacks[0].maxRetries must be a whole number, 0 or more',
  ],
  [
    [{ trigger: 'error', action: 'wait_and_retry', maxRetries: 1.5 }],
    'fallbacks[0].maxRetries must be a whole number, 0 or more',
  ],
  [
    [{ trigger: 'error', action: 'wait_and_retry', backoff: 'linear' }],
    'fallbacks[0].backoff must be "exponential" or "constant"',
  ],
  [
    [{ trigger: 'error', action: 'wait_and_retry', maxRetires: 5 }],
    'fallbacks[0]: unknown option "maxRetires"; did you mean "maxRetries"?',
  ],
  [
    [{ trigger: 'low_funds', action: 'wait_and_retry' }],
    'fallbacks[0]: money is not waited for; switch to another model or provider',
  ],
  [
    [{ trigger: 'low_funds', threshold: -1, action: 'switch_model', model: 'm' }],
    'fallbacks[0].threshold must be USD, 0 or more',
  ],
  [[{ trigger: 'cost_limit', action: 'switch_model', model: 'm' }], 'fallbacks[0].limit must be "soft" or "hard"'],
  [
    [{ trigger: ['error', 'cost_limit'], limit: 'hard', action: 'switch_model', model: 'm' }],
    'fallbacks[0].trigger: low_funds and cost_limit stand alone; write a rule for each',
  ],
]

describe('a router refuses', () => {
  test.each(constructions)('%j', (more, message) => {
    const error = thrownBy(() => new Router(wrong(more)))
    expect(error).toMatchObject({ kind: 'config' })
    expect((error as Error).message).toContain(message)
  })

  test.each(optIns)('%j, wherever it is set', async (more, message) => {
    const router = new Router(good)
    expect(() => router.with(more)).toThrow(message)
    expect(() => router.plan({ messages: 'x', ...more })).toThrow(message)
    await expect(router.complete({ messages: 'x', ...more })).rejects.toMatchObject({ kind: 'config', attempts: [] })
  })

  test.each(rules)('the fallbacks %j', (fallbacks, message) => {
    const error = thrownBy(() => new Router(wrong({ fallbacks })))
    expect(error).toMatchObject({ kind: 'config' })
    expect((error as Error).message).toContain(message)
    expect(thrownBy(() => new Router(good).setFallbacks(fallbacks as Fallbacks))).toMatchObject({ kind: 'config' })
    expect(thrownBy(() => new Router(good).with({ fallbacks: fallbacks as Fallbacks }))).toMatchObject({
      kind: 'config',
    })
  })

  test('a provider registered twice', () => {
    const router = new Router(good)
    expect(() => router.register(provider('ollama'))).toThrow('the provider name "ollama" is taken')
  })

  test('a default model of an unknown provider', () => {
    const router = new Router(good)
    expect(() => router.setDefaultModel('olama/x')).toThrow(
      'no provider "olama" is registered (did you mean "ollama"?)',
    )
    expect(router.defaultModel).toEqual({ provider: 'openai', model: 'm' })
  })

  test('options in with() that belong to the router or to a call', () => {
    const router = new Router(good)
    for (const more of [{ providers: [] }, { budget: {} }, { messages: 'x' }] as object[]) {
      expect(() => router.with(more)).toThrow(`unknown option "${Object.keys(more)[0]}"`)
    }
  })
})

const calls: readonly (readonly [object, string])[] = [
  [{ messges: 'x' }, 'unknown option "messges"; did you mean "messages"?'],
  [{ max_tokens: 5 }, 'unknown option "max_tokens"; here it is "maxOutputTokens"'],
  [{ prompt: 'x' }, 'unknown option "prompt"; here it is "messages"'],
  [{ messages: undefined }, 'messages must be a string or a list of messages'],
  [{ messages: '' }, 'messages is empty; give at least one user message'],
  [{ messages: [] }, 'messages is empty; give at least one user message'],
  [{ messages: [{ role: 'bot', content: 'x' }] }, 'messages[0] needs a role: system, user, assistant or tool'],
  [{ messages: ['x'] }, 'messages[0] needs a role: system, user, assistant or tool'],
  [{ messages: [{ role: 'user' }] }, 'messages[0].content must be a string or a list of parts'],
  [
    { messages: [{ role: 'tool', content: 'x' }] },
    'messages[0] is a tool message: its content is a list of results, as toolResult() makes them',
  ],
  [
    { messages: [{ role: 'user', content: [{ type: 'file', mediaType: 'image/png' }] }] },
    'messages[0].content[0] is a file that needs exactly one of data and url',
  ],
  [
    { messages: [{ role: 'user', content: [{ type: 'file', mediaType: 'image/png', data: '', url: 'x' }] }] },
    'messages[0].content[0] is a file that needs exactly one of data and url',
  ],
  [{ model: 'm' }, '"m" is not a model reference'],
  [{ model: 'b/m' }, 'no provider "b" is registered; registered: a'],
  [{ maxOutputTokens: 0 }, 'maxOutputTokens must be a whole number above 0'],
  [{ maxOutputTokens: 1.5 }, 'maxOutputTokens must be a whole number above 0'],
  [{ maxOutputTokens: Infinity }, 'maxOutputTokens must be a whole number above 0'],
  [{ temperature: NaN }, 'temperature must be a number, 0 or more'],
  [{ topP: 1.1 }, 'topP must be a number from 0 to 1'],
  [{ timeout: -5 }, 'timeout.totalMs must be a positive number of milliseconds'],
  [{ timeout: null }, 'timeout must be a number of milliseconds'],
  [{ fallbacks: ['b/m'] }, 'no provider "b" is registered'],
  [{ tools: { look: {} } }, 'the tool "look" has no inputSchema; give it a zod object or jsonSchema()'],
  [
    { tools: { look: { inputSchema: jsonSchema({}) } }, toolChoice: { tool: 'loook' } },
    'toolChoice names the tool "loook", which the call does not have; did you mean "look"?',
  ],
  [
    { output: { '~standard': { version: 1, vendor: 'old', validate: () => ({ value: 1 }) } } },
    'a old schema cannot say its JSON Schema; use zod 4.2 or newer, or jsonSchema()',
  ],
]

describe('a call refuses', () => {
  test.each(calls)('%j', async (more, message) => {
    const { router, providers, ledger, leaks } = rig({ a: [answered('ok')] })
    const call = { messages: 'x', ...more } as ChatCall
    const error = await router
      .stream(call)
      .response()
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ kind: 'config', attempts: [], billed: 'no' })
    expect((error as Error).message).toContain(message)
    await expect(router.complete(call)).rejects.toMatchObject({ kind: 'config' })
    expect(thrownBy(() => router.plan(call))).toMatchObject({ kind: 'config' })
    expect(providers.a.chats).toBe(0)
    expect(ledger.log).toEqual([])
    expect(leaks()).toEqual([])
  })

  test('a source of tools that throws, with its error as the cause', async () => {
    const own = new Error('mine')
    const { router } = rig({ a: [answered('ok')] })
    const error: unknown = await router
      .complete({
        messages: 'x',
        tools: () => {
          throw own
        },
      })
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ kind: 'config', cause: own })
    expect(error).toBeInstanceOf(LLMError)
  })
})

test('an id may hold more slashes and colons: only the first slash splits', async () => {
  const { router, providers } = rig({ a: [answered('ok')] })
  await router.complete({ messages: 'x', model: 'a/meta-llama/llama-4:free' })
  await router.complete({ messages: 'x', model: { provider: 'a', model: '/odd/' } })
  expect(providers.a.sent.map(({ request }) => request.model)).toEqual(['meta-llama/llama-4:free', '/odd/'])
})

test('an option that is undefined replaces nothing', async () => {
  const { router, providers } = rig({ a: [answered('ok')] }, { temperature: 0.5 })
  await router.with({ temperature: undefined }).complete({ messages: 'x', temperature: undefined })
  expect(providers.a.sent[0]?.request.temperature).toBe(0.5)
})
