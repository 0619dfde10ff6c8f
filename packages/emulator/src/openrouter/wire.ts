import type { Wire } from '../wire.ts'
import { body, stream } from './answer.ts'
import { failure, streamError } from './failure.ts'
import { route } from './routes.ts'
import { rules } from './rules.ts'

export const openrouter: Wire = {
  name: 'openrouter',
  basePath: '/openrouter/api/v1',
  framing: 'sse',
  route,
  rules,
  stream,
  body,
  failure,
  streamError,
  key: (headers) => headers['authorization']?.replace(/^Bearer /i, ''),
  headers: (id) => ({ 'x-generation-id': `gen-${id}` }),
}
