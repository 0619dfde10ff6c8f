import { expect, test } from 'vitest'
import { ollama } from '@wayfare/ollama'
import { hostURL } from '../src/host.ts'

test.each([
  [undefined, 'http://127.0.0.1:11434'],
  ['', 'http://127.0.0.1:11434'],
  ['0.0.0.0', 'http://127.0.0.1:11434'],
  ['0.0.0.0:8080', 'http://127.0.0.1:8080'],
  ['[::]:8080', 'http://127.0.0.1:8080'],
  [':8080', 'http://127.0.0.1:8080'],
  ['localhost', 'http://localhost:11434'],
  [' localhost:8080/ ', 'http://localhost:8080'],
  ['http://localhost', 'http://localhost'],
  ['http://0.0.0.0:8080', 'http://127.0.0.1:8080'],
  ['https://ollama.example.com', 'https://ollama.example.com'],
  ['https://example.com/ollama/', 'https://example.com/ollama'],
  ['[::1]', 'http://[::1]:11434'],
])('OLLAMA_HOST=%s means %s', (host, url) => {
  expect(hostURL(host)).toBe(url)
  expect(() => new URL(hostURL(host))).not.toThrow()
})

test('a server elsewhere may speak plain http as long as no key crosses the network', () => {
  const baseURL = 'http://192.168.1.20:11434'
  expect(() => ollama({ baseURL })).not.toThrow()
  expect(() => ollama({ baseURL, apiKey: 'key' })).toThrow(/allowInsecure/)
})
