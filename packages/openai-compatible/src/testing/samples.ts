import type { Absent, Sample, SentRequest, WireSamples } from '@wayfare/provider-kit/testing'
import { answers } from './answers.ts'
import { refusals } from './refusals.ts'
import { requests } from './requests.ts'
import { chatStream, chunk, counted, end, role } from './stream.ts'

/** How one vendor differs. */
export interface ChatSampleOptions {
  /** In the titles of the tests. */
  readonly name: string
  readonly model: string
  /** The field of a delta, and of a message, that holds reasoning. Default `reasoning_content`. */
  readonly reasoningField?: string | undefined
  /** Fields of every request, such as `stream_options`. */
  readonly body?: object | undefined
  /** Replaces samples, or says why there is none. */
  readonly answers?: { readonly [scenario: string]: Sample | Absent } | undefined
  readonly requests?: { readonly [scenario: string]: SentRequest | Absent } | undefined
}

/**
 * Samples of chat completions for the suite of `@wayfare/provider-kit/testing`: those of a vendor of the dialect are these,
 * and what it does differently.
 */
export function chatSamples(options: ChatSampleOptions): WireSamples {
  const { name, model, reasoningField: field = 'reasoning_content' } = options
  const thinking = [role, chunk({ [field]: 'Grüße 👋' }), chunk({ [field]: ', I think.' })]
  const hello = [chunk({ content: 'Hé👋lo' }), chunk({ content: ', wörld' })]
  return {
    name,
    model,
    stream: 'sse',
    terminator: /"finish_reason":"\w+"/,
    answers: {
      ...answers,
      ...refusals,
      reasoning: {
        body: chatStream(...thinking, ...hello, end(), counted()),
        expect: { replayed: ['Grüße 👋, I think.'] },
      },
      ...options.answers,
    },
    requests: { ...requests(model, options.body), ...options.requests },
  }
}
