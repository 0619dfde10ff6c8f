import type { FailureName } from './reply.ts'
import type { Intake } from './intake.ts'
import type { Route, Wire } from './wire.ts'
import { isRecord } from './narrow.ts'

export interface Refusal {
  /** The name of what was broken. */
  readonly rule: string
  readonly failure: FailureName
  readonly message?: string
  readonly param?: string
}

/** Why a request may not pass, before any reply is looked at; undefined when it may. */
export function admission(
  call: { readonly taken: Intake; readonly wire: Wire; readonly route: Route | undefined; readonly model: string },
  policy: { readonly validate: boolean; readonly keys: readonly string[] | undefined },
): Refusal | undefined {
  const { taken, wire, route } = call
  if (taken.problem === 'too_large') return { rule: 'size', failure: 'too_large' }
  if (route === undefined) {
    return { rule: 'path', failure: 'not_found', message: `${taken.method} ${taken.path} does not exist` }
  }
  const key = wire.key(taken.headers)
  if (!admits(key, wire, route, policy)) {
    return { rule: 'key', failure: 'auth', ...(key ? {} : { message: 'no API key was sent' }) }
  }
  if (route.kind === 'fixed' || !policy.validate) return undefined
  if (!isRecord(taken.body)) {
    return { rule: 'json', failure: 'bad_request', message: 'the body of the request is not a JSON object' }
  }
  const checked = { model: call.model, headers: taken.headers, body: taken.body }
  for (const rule of route.chat.rules) {
    const violation = rule.check(checked)
    if (violation !== undefined) return { rule: rule.name, failure: 'bad_request', ...violation }
  }
  return undefined
}

function admits(
  key: string | undefined,
  wire: Wire,
  route: Route,
  policy: { readonly validate: boolean; readonly keys: readonly string[] | undefined },
): boolean {
  if (route.kind === 'fixed' && route.open) return true
  if (key === undefined || key === '') return wire.keyless === true || (!policy.validate && policy.keys === undefined)
  return policy.keys === undefined || policy.keys.includes(key)
}
