import { startEmulator } from '@wayfare/emulator'
import type { Answer, EmulatedRequest } from '@wayfare/emulator'
import { createLLM, toolResult } from '@wayfare/llm'
import type { Message, Provider, ProviderTraits } from '@wayfare/core'
import { describe, expect, test } from 'vitest'
import { tools } from './kit/calls.ts'
import { observe } from './kit/observe.ts'
import { faces, rescuerOf } from './kit/refusal.ts'
import { inTurn } from './kit/turns.ts'
import { providerOf, wireNamed, wires } from './kit/wires.ts'
import type { Wire } from './kit/wires.ts'

describe.each(wires)('$name', (wire) => {
  test.each<[what: string, traits: ProviderTraits, call: object]>([
    ['tools', { tools: false }, { tools }],
    ['pictures', { input: [] }, { messages: [picture({ data: 'aGk=' })] }],
    ['addresses of pictures', { input: ['image'] }, { messages: [picture({ url: 'https://example.com/a.png' })] }],
  ])(`P15 ${wire.name}: a target that takes no %s is not asked`, async (_, traits, call) => {
    for (const face of inTurn(wire, faces)) {
      const alone = await observe(face, { wire: without(wire, traits), replies: [], call })
      expect(alone.error).toMatchObject({ kind: 'unsupported', provider: wire.name, retryable: false, billed: 'no' })
      expect(alone.requests).toEqual([])
      expect(alone.attempts).toEqual([])
      expect(alone.bookedUsd).toBe(0)
      expect(alone.shown).toBe('')
    }
    const other = rescuerOf(wire)
    const seen = await observe('events', { wire: without(wire, traits), replies: [], fallback: other, call })
    expect(seen.response).toMatchObject({ text: 'Rescued whole.', provider: other.name })
    expect(seen.requests.map((request) => request.wire)).toEqual([other.wire])
  })
})

test('P15 ollama: a model that cannot call tools says so itself, and another target may', async () => {
  const wire = wireNamed('ollama')
  const other = rescuerOf(wire)
  const reply = { status: 400, error: { body: { error: 'registry.ollama.ai/library/x does not support tools' } } }
  const alone = await observe('events', { wire, replies: [reply], call: { tools } })
  expect(alone.error).toMatchObject({ kind: 'unsupported', retryable: false, billed: 'no' })
  const seen = await observe('events', { wire, replies: [reply], fallback: other, call: { tools } })
  expect(seen.response?.provider).toBe(other.name)
})

const pairs = wires.flatMap((from) => wires.filter((to) => to !== from).map((to) => ({ from, to })))
const began: Answer = {
  reasoning: 'They want two files.',
  text: 'Reading.',
  toolCalls: [
    { name: 'read', input: { path: '/a' } },
    { name: 'write', input: { path: '/b' } },
  ],
}

describe.each(pairs)('$from.name, then $to.name', ({ from, to }) => {
  test(`P16 ${to.name}: a conversation that began at ${from.name} goes on without its signatures`, async () => {
    await using emulator = await startEmulator()
    const llm = createLLM({
      providers: [providerOf(from, emulator), providerOf(to, emulator)],
      model: { provider: from.name, model: from.model },
      fallbacks: [`${to.name}/${to.model}`],
      maxOutputTokens: 2_000,
    })
    emulator.enqueue(from.wire, began)
    // The model of that one does not reason, and its vendor refuses whoever asks for it.
    const reasoning = [from.name, to.name].includes('openai-compatible') ? {} : { reasoning: 'low' as const }
    const messages: Message[] = [{ role: 'user', content: 'Read both.' }]
    const first = await llm.complete({ messages, tools, ...reasoning })
    expect(first.toolCalls).toHaveLength(2)
    messages.push(first.message)
    messages.push({ role: 'tool', content: first.toolCalls.map((call) => toolResult(call, `content of ${call.name}`)) })

    // At home the signatures go back, or the vendor would refuse.
    emulator.enqueue(from.wire, { error: 'bad_request', status: 404 })
    emulator.enqueue(to.wire, { text: 'Both read.' })
    const second = await llm.complete({ messages, tools, ...reasoning })
    expect(second).toMatchObject({ text: 'Both read.', provider: to.name })
    const [home, request] = emulator.requests.slice(-2) as [EmulatedRequest, EmulatedRequest] // the last two of three
    expect(home).toMatchObject({ wire: from.wire, status: 404 })
    expect(home.refusedBy).toBeUndefined()
    expect(request).toMatchObject({ wire: to.wire, status: 200 })
    expect(request.refusedBy).toBeUndefined()

    const sent = JSON.stringify(request.body)
    for (const secret of signaturesOf(first.message)) expect(sent).not.toContain(secret)
    // The same dialect under another name: what the vendor wrote for itself stays at home all the same.
    expect(sent).not.toContain('They want two files.')
    for (const result of ['content of read', 'content of write']) expect(sent).toContain(result)
    await llm.close()
  })
})

/** Every long string that a vendor gave for itself. */
function signaturesOf(message: { readonly content: readonly object[] }): string[] {
  const found: string[] = []
  for (const part of message.content) {
    if (!('providerMetadata' in part)) continue
    JSON.stringify(part.providerMetadata, (_, value: unknown) => {
      if (typeof value === 'string' && value.length > 20) found.push(value)
      return value
    })
  }
  return found
}

function without(wire: Wire, traits: ProviderTraits): Wire {
  return { ...wire, make: (options): Provider => ({ ...wire.make(options), traits: () => traits }) }
}

function picture(source: { data: string } | { url: string }): Message {
  return { role: 'user', content: [{ type: 'file', mediaType: 'image/png', ...source }] }
}
