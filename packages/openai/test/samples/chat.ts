import { chatSamples, requests } from '@wayfare/openai-compatible/testing'
import type { SentRequest, WireSamples } from '@wayfare/provider-kit/testing'

const model = 'gpt-4.1'

/** The dialect as its vendor speaks it. */
export const chat: WireSamples = chatSamples({
  name: 'openai chat',
  model,
  answers: {
    reasoning: { absent: 'chat completions do not show what a model thought' },
    usage_early: { absent: 'figures come last' },
    usage_repeated: { absent: 'figures come once' },
  },
  requests: Object.fromEntries(
    Object.entries(requests(model, { stream_options: { include_usage: true } })).map(([name, sent]) => [
      name,
      renamed(sent),
    ]),
  ),
})

/** The limit has another name here. */
function renamed({ body, ...sent }: SentRequest): SentRequest {
  const { max_tokens: limit, ...rest } = body as { readonly max_tokens?: number } // made by `requests`
  return { ...sent, body: { ...rest, ...(limit !== undefined && { max_completion_tokens: limit }) } }
}
