import { LLMError, type ProviderCallOptions } from '@wayfare/core'
import { isRecord, type Endpoint } from '@wayfare/provider-kit'

/**
 * USD left: what the key may still spend, and what the account holds where this key may see it (only management keys do);
 * the lesser of the two.
 */
export async function balance(api: Endpoint, options?: ProviderCallOptions): Promise<number> {
  const key = data(await api.get('key', options))
  const left = typeof key['limit_remaining'] === 'number' ? key['limit_remaining'] : Infinity
  return Math.min(left, await credits(api, options))
}

async function credits(api: Endpoint, options?: ProviderCallOptions): Promise<number> {
  try {
    const { total_credits: bought, total_usage: used } = data(await api.get('credits', options))
    return typeof bought === 'number' && typeof used === 'number' ? bought - used : Infinity
  } catch (error) {
    if (LLMError.is(error) && (error.kind === 'auth' || error.kind === 'permission')) return Infinity
    throw error
  }
}

function data(body: unknown): Readonly<Record<string, unknown>> {
  return isRecord(body) && isRecord(body['data']) ? body['data'] : {}
}
