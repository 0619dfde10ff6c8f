import type { Wire } from '../wire.ts'
import { failure } from './failure.ts'
import { route } from './routes.ts'

export const google: Wire = {
  name: 'google',
  basePath: '/google/v1beta',
  framing: 'sse',
  route,
  failure,
  key: (headers) => headers['x-goog-api-key'],
  headers: () => ({ 'x-gemini-service-tier': 'standard' }),
}
