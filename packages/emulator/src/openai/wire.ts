import type { Wire } from '../wire.ts'
import { failure } from './failure.ts'
import { route } from './routes.ts'

export const openai: Wire = {
  name: 'openai',
  basePath: '/openai/v1',
  framing: 'sse',
  route,
  failure,
  key: (headers) => headers['authorization']?.replace(/^Bearer /i, ''),
  headers: (id) => ({
    'x-request-id': `req_${id}`,
    'openai-processing-ms': '12',
    'x-ratelimit-limit-requests': '5000',
    'x-ratelimit-remaining-requests': '4999',
    'x-ratelimit-reset-requests': '12ms',
  }),
}
