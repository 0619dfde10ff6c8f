import type { Sampling, Warning } from '@wayfare/core'
import type { Adapted, ChatBody } from './dialect.ts'

const scale = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']

/** Up to how many tokens of thought an effort stands for, roughly. */
const budgets: readonly (readonly [number, string])[] = [
  [0, 'none'],
  [1024, 'minimal'],
  [4096, 'low'],
  [12_288, 'medium'],
  [32_768, 'high'],
  [Infinity, 'xhigh'],
]

/** The effort of a model that is nearest to the wish, the lesser of two; a warning says what was rounded. */
export function roundEffort(
  wish: NonNullable<Sampling['reasoning']>,
  model: string,
  offered: readonly string[],
): { effort?: string; warnings: readonly Warning[] } {
  if (offered.length === 0) {
    return { warnings: wish === 'none' ? [] : [rounded(`${model} takes no reasoning effort; it was left out`)] }
  }
  const budget = typeof wish === 'object'
  const wanted = budget ? (budgets.find(([tokens]) => wish.maxTokens <= tokens)?.[1] ?? 'high') : wish
  const at = scale.indexOf(wanted)
  const effort = offered.reduce((best, one) =>
    Math.abs(scale.indexOf(one) - at) < Math.abs(scale.indexOf(best) - at) ? one : best,
  )
  if (!budget && effort === wanted) return { effort, warnings: [] }
  const what = budget ? 'takes an effort, not a budget' : `has no effort "${wanted}"`
  return { effort, warnings: [rounded(`${model} ${what}; "${effort}" was sent`)] }
}

/** The field of chat completions that holds an effort. */
export function effortField(
  wish: NonNullable<Sampling['reasoning']>,
  model: string,
  offered: readonly string[],
): Adapted {
  const { effort, warnings } = roundEffort(wish, model, offered)
  return { body: effort === undefined ? {} : { reasoning_effort: effort }, warnings }
}

/** For a model that thinks or does not, to no degree. */
export function thinksOrNot(
  wish: NonNullable<Sampling['reasoning']>,
  model: string,
  fields: { readonly on: ChatBody; readonly off: ChatBody },
): Adapted {
  if (wish === 'none') return { body: fields.off }
  return { body: fields.on, warnings: [rounded(`${model} thinks or does not, to no degree; thinking was turned on`)] }
}

/** For a model whose thoughts nothing changes. */
export function thinksAnyway(model: string): Adapted {
  return { body: {}, warnings: [rounded(`${model} always thinks, as much as it will; the wish was left out`)] }
}

function rounded(message: string): Warning {
  return { code: 'reasoning_rounded', message }
}
