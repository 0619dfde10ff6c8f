import { anthropic } from '@wayfare/anthropic'
import type { Provider } from '@wayfare/core'
import { google } from '@wayfare/google'
import { ollama } from '@wayfare/ollama'
import { openai } from '@wayfare/openai'
import { openaiCompatible } from '@wayfare/openai-compatible'
import { azure } from '@wayfare/openai-compatible/azure'
import { groq } from '@wayfare/openai-compatible/groq'
import { openrouter } from '@wayfare/openrouter'
import type { VendorOptions } from '@wayfare/provider-kit'
import { afterEach, expect, test, vi } from 'vitest'

type Factory = (options: VendorOptions) => Provider

afterEach(() => vi.unstubAllEnvs())

test.each<[string, Factory]>([
  ['anthropic', anthropic],
  ['google', google],
  ['ollama', ollama],
  ['openai', openai],
  ['openai', (options) => openai({ ...options, api: 'chat' })],
  ['openrouter', (options) => openrouter({ ...options, app: { name: 'mine' } })],
  ['groq', groq],
  ['azure', (options) => azure({ ...options, resource: 'mine', apiVersion: '2024-10-21' })],
  ['own', (options) => openaiCompatible({ ...options, name: 'own', baseURL: 'https://own.example', vendor: 'groq' })],
])('an option that %s does not have is refused, and those that it has are named', (name, make) => {
  expect(make({ headers: {}, allowInsecure: false }).name).toBe(name)
  const misspelt = { baseUrl: 'https://proxy.example' } as VendorOptions
  const told = `${name} has no option "baseUrl"; it has name, apiKey, baseURL,`
  expect(() => make(misspelt)).toThrow(
    expect.objectContaining({ kind: 'config', message: expect.stringContaining(told) }),
  )
})

test('a server without a name is refused', () => {
  expect(() => openaiCompatible({ baseURL: 'https://own.example' } as never)).toThrow(/openaiCompatible needs a name/)
})

test.each<[string, string, Factory]>([
  ['ANTHROPIC_API_KEY', 'x-api-key', anthropic],
  ['GEMINI_API_KEY', 'x-goog-api-key', google],
  ['OPENAI_API_KEY', 'authorization', openai],
  ['OPENROUTER_API_KEY', 'authorization', openrouter],
])('a key in %s that is set after the provider was made is used', async (variable, header, make) => {
  vi.stubEnv(variable, '')
  const sent: (string | null)[] = []
  const provider = make({
    fetch: async (_, init) => {
      sent.push(new Headers(init?.headers).get(header))
      return Response.json({ data: [], models: [] })
    },
  })
  await expect(provider.models?.()).rejects.toMatchObject({ kind: 'config' })
  vi.stubEnv(variable, 'key-of-today')
  await provider.models?.()
  expect(sent).toEqual([expect.stringMatching(/^(Bearer )?key-of-today$/)])
})
