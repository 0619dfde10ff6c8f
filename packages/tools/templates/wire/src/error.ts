import { isRecord } from '@wayfare/provider-kit'
import type { ErrorReader } from '@wayfare/provider-kit'

/** What this vendor says beyond the status: an account without money is not a limit of rate. */
export const readError: ErrorReader = ({ body }) => {
  const error = isRecord(body) && isRecord(body['error']) ? body['error'] : {}
  return error['code'] === 'no_credit' ? { kind: 'billing' } : undefined
}
