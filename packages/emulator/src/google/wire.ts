import type { Wire } from '../wire.ts'
import { body, stream } from './answer.ts'
import { failure, streamError } from './failure.ts'
import { route } from './routes.ts'
import { rules } from './rules.ts'

export const google: Wire = {
  name: 'google',
  basePath: '/google/v1beta',
  framing: 'sse',
  route,
  rules,
  stream,
  body,
  failure,
  streamError,
  key: (headers) => headers['x-goog-api-key'],
  headers: () => ({ 'x-gemini-service-tier': 'standard' }),
}
