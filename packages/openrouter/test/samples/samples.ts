import { chatSamples, chatStream, chunk, requests } from '@wayfare/openai-compatible/testing'
import type { SentRequest, WireSamples } from '@wayfare/provider-kit/testing'
import { refusals } from './refusals.ts'

const model = 'anthropic/claude-sonnet-5'
const hello = [chunk({ role: 'assistant', content: 'Hé👋lo' }), chunk({ content: ', wörld' })] as const
const usage = { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10, cost: 0.0123 } as const

function thought(detail: object): object {
  return chunk({ content: '', reasoning_details: [{ format: 'anthropic-claude-v1', index: 0, ...detail }] })
}

export const samples: WireSamples = chatSamples({
  name: 'openrouter',
  model,
  answers: {
    ...refusals,
    text: {
      body: `: OPENROUTER PROCESSING\n\n${chatStream(...hello, chunk({}, 'stop'), { ...chunk({}), choices: [], usage })}`,
      expect: { usage: { input: 7, output: 3 }, reportedUsd: 0.0123 },
    },
    reasoning: {
      body: chatStream(
        thought({ type: 'reasoning.text', text: 'Grüße 👋' }),
        thought({ type: 'reasoning.text', text: ', I think.' }),
        thought({ type: 'reasoning.text', text: '', signature: 'sig-0' }),
        ...hello,
        chunk({}, 'stop'),
      ),
      expect: { replayed: ['Grüße 👋, I think.', 'sig-0', 'anthropic-claude-v1'] },
    },
    reasoning_silent: {
      body: chatStream(thought({ type: 'reasoning.encrypted', data: 'opaque', id: 'r1' }), ...hello, chunk({}, 'stop')),
      expect: {
        // What was kept comes at the end, where it is known to be whole.
        parts: [
          { type: 'text', text: 'Hé👋lo, wörld' },
          { type: 'reasoning', text: '', providerMetadata: { openrouter: { kept: [{ data: 'opaque' }] } } },
        ],
      },
    },
    served_model: {
      headers: { 'content-type': 'text/event-stream', 'x-generation-id': 'gen-1' },
      body: chatStream(...hello, chunk({}, 'stop')).replaceAll('"id":', '"provider":"Acme","id":'),
      expect: { start: { id: 'chatcmpl-1', model: 'served-1', upstream: 'Acme', requestId: 'gen-1' } },
    },
    file: {
      body: chatStream(
        chunk({ images: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw==' } }] }),
        chunk({}, 'stop'),
      ),
      expect: { parts: [{ type: 'file', mediaType: 'image/png', data: 'iVBORw==' }] },
    },
    reported_cost: {
      body: chatStream(
        ...hello,
        chunk({}, 'stop', {
          usage: { ...usage, cost: 0.25, is_byok: true, cost_details: { upstream_inference_cost: 0.5 } },
        }),
      ),
      expect: { reportedUsd: 0.75 },
    },
    error_inside_stream: {
      body: `${chatStream(...hello, {
        ...chunk({ content: '' }, 'error'),
        error: { code: 503, message: 'Overloaded', metadata: { error_type: 'provider_overloaded' } },
      })}`,
      expect: { text: 'Hé👋lo, wörld' },
    },
    models: {
      body: {
        data: [
          {
            id: model,
            name: 'Anthropic: Claude Sonnet 5',
            context_length: 1_000_000,
            architecture: { input_modalities: ['text', 'image'] },
            pricing: { prompt: '0.000003', completion: '0.000015' },
            top_provider: { max_completion_tokens: 64_000 },
            supported_parameters: ['tools'],
          },
        ],
      },
      expect: {
        models: [
          {
            id: model,
            inputPerMTok: 3,
            outputPerMTok: 15,
            contextTokens: 1_000_000,
            maxOutputTokens: 64_000,
            supportsTools: true,
          },
        ],
      },
    },
    health: { body: { data: { limit_remaining: null } } },
    balance: {
      body: { data: { limit_remaining: 12.5, total_credits: 20, total_usage: 9 } },
      expect: { balanceUsd: 11 },
    },
  },
  requests: Object.fromEntries(Object.entries(requests(model)).map(([name, sent]) => [name, withIds(sent)])),
})

/** Ids of up to 64 characters are free here; a longer one is replaced. */
function withIds(sent: SentRequest): SentRequest {
  const renamed = JSON.stringify(sent).replaceAll('"call_0"', '"functions.weather:0"')
  const foreign = renamed.includes('functions.weather:0')
  return JSON.parse(foreign ? renamed.replaceAll('"call_1"', '"call_0"') : renamed) as SentRequest // as it was
}
