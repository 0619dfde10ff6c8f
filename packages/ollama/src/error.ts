import type { LLMErrorKind } from '@wayfare/core'
import { errorMessage } from '@wayfare/provider-kit'
import type { ErrorReader, ErrorVerdict } from '@wayfare/provider-kit'

/** Errors are plain sentences; the status says the rest. */
const sayings: readonly { readonly words: RegExp; readonly kind: LLMErrorKind; readonly retryable?: false }[] = [
  // The same machine would fail again.
  { words: /requires more system memory|runner process has terminated/i, kind: 'server', retryable: false },
  { words: /exceed\w* (?:the )?(?:max(?:imum)? )?context|context length exceeded/i, kind: 'context_length' },
  { words: /does not support (?:tools|thinking|images|vision|chat|generate)/i, kind: 'unsupported' },
  { words: /model .{1,200} not found/i, kind: 'model_not_found' },
  { words: /server busy|maximum pending requests/i, kind: 'overloaded' },
]

/** What the sentence says, and for a model that is not there how to get it. */
export const readError: ErrorReader = ({ body }) => {
  const words = errorMessage(body) ?? ''
  const said = sayings.find((saying) => saying.words.test(words))
  if (said === undefined) return undefined
  const verdict: Partial<ErrorVerdict> = { kind: said.kind, retryable: said.retryable }
  if (said.kind === 'unsupported')
    return { ...verdict, message: 'has a model here that cannot do this; use another model' }
  if (said.kind !== 'model_not_found') return verdict
  // The name alone, by the characters that names have: the sentence is the server's.
  const model = /model ["']?([\w./:-]{1,200})["']? not found/i.exec(words)?.[1] ?? '<model>'
  return { ...verdict, message: `has no such model; run \`ollama pull ${model}\` on its machine` }
}
