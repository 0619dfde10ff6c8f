import type { Window } from '@wayfare/core'
import type { CallScopes, Limits, LimitSettings } from '@wayfare/cost'

/** What one scope may spend in each window. */
export interface Fund {
  readonly name: string
  readonly window: Window
  /** Nano-USD. */
  readonly hard: number | undefined
}

/** The limits that a call meets, by the words of the documentation. */
export function fundsOf(settings: LimitSettings, call: CallScopes): readonly Fund[] {
  const { global, session, sessions = {}, agent, agents = {}, providers = {}, models = {}, tags = {} } = settings
  const ofAgent = call.agent === undefined ? undefined : agents[call.agent]
  const funds: (Fund | undefined)[] = [fund('global', global)]
  if (call.session !== undefined) {
    const own = stated(sessions[call.session]) ?? stated(ofAgent?.session) ?? session
    funds.push(fund(`session ${call.session}`, own))
  }
  if (call.agent !== undefined) funds.push(fund(`agent ${call.agent}`, stated(ofAgent) ?? agent))
  if (call.provider !== undefined) {
    funds.push(fund(`provider ${call.provider}`, providers[call.provider]))
    const model = `${call.provider}/${call.model}`
    funds.push(fund(`model ${model}`, models[model]))
  }
  for (const [tag, values] of Object.entries(tags)) {
    const value = call.tags?.[tag]
    if (value !== undefined) funds.push(fund(`tag ${tag} ${value}`, stated(values[value]) ?? values['*']))
  }
  return funds.filter((some) => some !== undefined)
}

function fund(name: string, limits: Limits | undefined): Fund | undefined {
  if (limits === undefined || stated(limits) === undefined) return undefined
  const { hard, window = 'total' } = limits
  return { name, window, hard: hard === undefined ? undefined : Math.round(hard * 1e9) }
}

function stated(limits: Limits | undefined): Limits | undefined {
  return limits?.hard === undefined && limits?.soft === undefined ? undefined : limits
}
