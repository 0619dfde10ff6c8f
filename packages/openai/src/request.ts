import type { ProviderRequest, Warning } from '@wayfare/core'
import type { Adapted, ChatBody } from '@wayfare/openai-compatible'
import { checkAnswers } from './reserved.ts'
import { isReasoningModel, refusesToolsWhileReasoning } from './reasoning-models.ts'

/** Takes out what a model that reasons refuses. Throws `config` for options that ask for several answers or a later one. */
export function adaptRequest(body: ChatBody, { model, tools, options }: ProviderRequest): Adapted {
  checkAnswers(options ?? {}, 'openai')
  if (!isReasoningModel(model)) return { body }
  const warnings: Warning[] = []
  const adapted = { ...body }
  if (tools.length > 0 && refusesToolsWhileReasoning(model)) {
    const asked = body['reasoning_effort'] ?? 'none'
    adapted['reasoning_effort'] = 'none'
    if (asked !== 'none') {
      const message = `${model} does not reason while it has tools in chat completions; reasoning was turned off`
      warnings.push({ code: 'reasoning_dropped', message })
    }
  }
  if ((options?.['reasoning_effort'] ?? adapted['reasoning_effort']) === 'none') return { body: adapted, warnings }
  for (const field of ['temperature', 'top_p']) {
    if (adapted[field] === undefined) continue
    delete adapted[field]
    warnings.push({ code: 'sampling_dropped', message: `${model} takes no ${field} while it reasons; it was left out` })
  }
  return { body: adapted, warnings }
}
