import type { Wire } from '../wire.ts'
import { failure } from './failure.ts'
import { route } from './routes.ts'

export const anthropic: Wire = {
  name: 'anthropic',
  basePath: '/anthropic/v1',
  framing: 'sse',
  route,
  failure,
  key: (headers) => headers['x-api-key'] ?? headers['authorization']?.replace(/^Bearer /i, ''),
  headers: (id) => ({
    'request-id': `req_${id}`,
    'anthropic-ratelimit-requests-limit': '4000',
    'anthropic-ratelimit-requests-remaining': '3999',
    'anthropic-ratelimit-requests-reset': '2026-11-01T00:00:00Z',
  }),
}
