/** What an id tells about a model. Ids are matched by family, so that new members of a family work on the day they appear. */
export function isReasoningModel(model: string): boolean {
  return /^(o\d|gpt-[5-9])/.test(model) && !model.includes('-chat')
}

/** The efforts of a model, from least to most; chat completions have no `max`. */
export function efforts(model: string, api: 'responses' | 'chat'): readonly string[] {
  const known = chatEfforts(model)
  if (api === 'chat' || known.length === 0) return known
  const version = versionOf(model)
  if (/^gpt-.*-pro/.test(model)) return version < 5.2 ? ['high'] : ['medium', 'high', 'xhigh']
  return version < 5.6 ? known : [...known, 'max']
}

function chatEfforts(model: string): readonly string[] {
  if (!isReasoningModel(model)) return []
  if (model.startsWith('o')) return ['low', 'medium', 'high']
  const version = versionOf(model)
  if (version < 5.1) return ['minimal', 'low', 'medium', 'high']
  if (version < 5.2) return ['none', 'low', 'medium', 'high']
  return ['none', 'low', 'medium', 'high', 'xhigh']
}

/** Some models refuse function tools in chat completions unless reasoning is off. */
export function refusesToolsWhileReasoning(model: string): boolean {
  const version = versionOf(model)
  return isReasoningModel(model) && version >= 5.6 && version < 6
}

function versionOf(model: string): number {
  return Number(/^gpt-(\d+(?:\.\d+)?)/.exec(model)?.[1] ?? 0)
}
