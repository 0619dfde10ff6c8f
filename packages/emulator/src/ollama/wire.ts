import type { Wire } from '../wire.ts'
import { body, stream } from './answer.ts'
import { failure, streamError } from './failure.ts'
import { route } from './routes.ts'
import { rules } from './rules.ts'

export const ollama: Wire = {
  name: 'ollama',
  basePath: '/ollama',
  framing: 'ndjson',
  route,
  rules,
  stream,
  body,
  failure,
  streamError,
  key: (headers) => headers['authorization']?.replace(/^Bearer /i, ''),
  keyless: true,
  headers: () => ({}),
}
