import type { Wire } from '../wire.ts'
import { failure } from './failure.ts'
import { route } from './routes.ts'

export const openrouter: Wire = {
  name: 'openrouter',
  basePath: '/openrouter/api/v1',
  framing: 'sse',
  route,
  failure,
  key: (headers) => headers['authorization']?.replace(/^Bearer /i, ''),
  headers: (id) => ({ 'x-generation-id': `gen-${id}` }),
}
