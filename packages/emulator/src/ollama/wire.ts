import type { Wire } from '../wire.ts'
import { failure } from './failure.ts'
import { route } from './routes.ts'

export const ollama: Wire = {
  name: 'ollama',
  basePath: '/ollama',
  framing: 'ndjson',
  route,
  failure,
  key: (headers) => headers['authorization']?.replace(/^Bearer /i, ''),
  keyless: true,
  headers: () => ({}),
}
