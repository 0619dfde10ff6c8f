import { deepEqual, equal, ok } from 'node:assert/strict'
import type { LLMErrorKind } from '@wayfare/core'
import { canaryKey } from './canary.ts'
import { broken } from './replay.ts'
import type { Sample } from './samples.ts'
import type { Scenario } from './scenario.ts'
import type { Stage } from './stage.ts'

/** What a status means when the body does not say more. */
const statuses: readonly (readonly [number, readonly LLMErrorKind[]])[] = [
  [400, ['bad_request']],
  [401, ['auth']],
  [402, ['billing']],
  [403, ['permission']],
  [404, ['model_not_found']],
  [405, ['config']],
  [408, ['timeout']],
  [409, ['conflict']],
  [413, ['request_too_large']],
  [415, ['config']],
  [418, ['bad_request']],
  [422, ['bad_request']],
  [429, ['rate_limit']],
  [451, ['region_blocked']],
  [500, ['server']],
  [501, ['server']],
  [502, ['server']],
  [503, ['overloaded', 'server']],
  [504, ['server', 'timeout']],
  [520, ['server']],
  [529, ['overloaded']],
  [599, ['server']],
]

/** `retry-after` and what comes of it, in milliseconds. The answer is dated 10:00:00. */
const waits: readonly (readonly [Readonly<Record<string, string>>, number | undefined])[] = [
  [{ 'retry-after': '2' }, 2_000],
  [{ 'retry-after': '0.5' }, 500],
  [{ 'retry-after': 'Wed, 25 Nov 2026 10:00:30 GMT' }, 30_000],
  [{ 'retry-after': '60', 'retry-after-ms': '250' }, 250],
  [{ 'retry-after': '-5' }, undefined],
  [{ 'retry-after': 'soon' }, undefined],
  [{}, undefined],
]

const page = '<!doctype html><html><body>Sign in</body></html>'
const html = { 'content-type': 'text/html; charset=utf-8' }

export const refusals: readonly Scenario[] = [
  named('bad_request', 'a request that is refused as wrong', 'bad_request'),
  named('auth', 'a key that is refused', 'auth'),
  named('billing', 'an account without money', 'billing'),
  named('permission', 'a key that may not do this', 'permission'),
  named('not_found', 'a model that does not exist', 'model_not_found'),
  named('too_large', 'a request that is too large', 'request_too_large'),
  named('context_length', 'more input than the model reads', 'context_length'),
  named('content_filter', 'a prompt that breaks the rules', 'content_filter'),
  named('rate_limit', 'a limit of rate', 'rate_limit'),
  named('server_error', 'a failure of the vendor', 'server'),
  named('overloaded', 'a vendor that is overloaded', 'overloaded'),
  {
    name: 'statuses',
    title: 'every status is an error of its kind, and none is billed',
    from: 'none',
    async run(stage) {
      const body = { error: { message: 'No.' } }
      for (const [status, kinds] of statuses) {
        const error = await refused(stage, { status, body }, `status ${status}`)
        ok(kinds.includes(error.kind), `status ${status} is ${error.kind}, and should be ${kinds.join(' or ')}`)
        deepEqual([error.status, error.billed], [status, 'no'], `status ${status}`)
      }
    },
  },
  {
    name: 'retry_after',
    title: 'how long to wait is told in every form in which servers say it',
    from: 'none',
    async run(stage) {
      for (const [headers, ms] of waits) {
        const dated = { date: 'Wed, 25 Nov 2026 10:00:00 GMT', 'content-type': 'application/json', ...headers }
        const error = await refused(stage, { status: 429, body: {}, headers: dated }, JSON.stringify(headers))
        equal(error.retryAfterMs, ms, `retryAfterMs for ${JSON.stringify(headers)}`)
      }
    },
  },
  {
    name: 'web_pages',
    title: 'a web page is an error, whatever its status, and no error repeats it',
    from: 'none',
    async run(stage) {
      for (const [status, kind] of [
        [200, 'protocol'],
        [404, 'config'],
        [502, 'server'],
      ] as const) {
        const error = await refused(stage, { status, body: page, headers: html }, `a page with ${status}`)
        equal(error.kind, kind, `a page with status ${status}`)
        ok(!error.message.includes('<'), 'the message holds the page')
      }
    },
  },
  {
    name: 'empty_bodies',
    title: 'an answer without a body is an error, never an empty answer',
    from: 'none',
    async run(stage) {
      for (const stream of [true, false]) {
        const sample = { body: '', headers: stream ? {} : { 'content-type': 'application/json' }, request: { stream } }
        equal((await refused(stage, sample, 'an empty body')).kind, 'protocol')
      }
      equal((await refused(stage, { status: 204, body: '' }, '204')).kind, 'protocol')
    },
  },
  {
    name: 'redirects',
    title: 'a redirect is refused, not followed',
    from: 'none',
    async run(stage) {
      const { line } = stage.set(stage.script({ body: {} }))
      for (const status of [301, 307]) {
        const sample = { status, body: '', headers: { location: `${line.baseURL}/elsewhere` } }
        equal((await refused(stage, sample, `status ${status}`)).kind, 'redirect')
      }
      equal(line.requests.length, 0, 'the redirect was followed')
    },
  },
  {
    name: 'key_echoed',
    title: 'a key that the server repeats is in no error',
    from: 'none',
    async run(stage) {
      const words = `the key ${canaryKey} of ${encodeURIComponent(canaryKey)} is wrong`
      for (const body of [{ error: { message: words, code: canaryKey, type: words } }, words, { message: words }]) {
        const headers = { 'content-type': 'application/json', 'x-request-id': canaryKey, 'request-id': canaryKey }
        for (const status of [400, 401, 500]) await refused(stage, { status, headers, body }, 'an error with the key')
      }
    },
  },
]

function named(name: string, what: string, kind: LLMErrorKind): Scenario {
  return {
    name,
    title: `${what} is an error of its kind`,
    from: 'own',
    async run(stage, { sample }) {
      ok(sample.status !== undefined && sample.status >= 400, 'the sample needs its status')
      const error = await refused(stage, sample, 'the refusal')
      const { error: wanted = kind, retryAfterMs, phase } = sample.expect ?? {}
      equal(error.kind, wanted)
      if (retryAfterMs !== undefined) equal(error.retryAfterMs, retryAfterMs)
      if (phase !== undefined) equal(error.phase, phase)
      equal(error.billed, 'no')
      ok(error.details.providerMessage !== undefined, "the vendor's words are lost")
    },
  }
}

async function refused(stage: Stage, sample: Sample, what: string): Promise<ReturnType<typeof broken>> {
  const played = await stage.play(stage.script(sample), sample.request)
  equal(played.line.requests.length, 1, `${what}: a provider does not retry`)
  return broken(stage, played, what, { text: '' })
}
