import { LLMError } from '@wayfare/core'
import { AnswerHeaders } from './answer-headers.ts'
import type { Exchange, ExchangeRequest } from './exchange.ts'
import { encodingOf } from './gunzip.ts'
import { parseJSON } from './json.ts'
import { redact } from './redact.ts'
import { essence, readUpTo } from './response.ts'
import { wireError, type ErrorReader } from './wire-error.ts'

const MAX_ERROR_BODY = 65_536

/** Whether an answer may be read by its wire. */
export function isSuccess({ status, headers }: Exchange): boolean {
  if (status < 200 || status > 299 || status === 204 || status === 205) return false
  const encoding = encodingOf(headers)
  return (encoding === '' || encoding === 'gzip') && essence(headers) !== 'text/html'
}

/** What any other answer means. Its body is read or closed. */
export async function refusalOf(
  answer: Exchange,
  request: ExchangeRequest,
  readError: ErrorReader | undefined,
): Promise<LLMError> {
  const { status, headers, body } = answer
  const { facts, clock } = request
  const refusal = unreadable(answer, request)
  if (refusal !== undefined) {
    await body.return()
    return refusal
  }
  const error = { status, headers, body: await errorBody(answer), now: clock.date() }
  return wireError(facts.provider, facts.model, error, readError)
}

/** Answers that are neither success nor an error of the vendor. */
function unreadable({ status, headers }: Exchange, { facts }: ExchangeRequest): LLMError | undefined {
  const { provider } = facts
  if (status >= 300 && status < 400) {
    const to = originOf(headers.get('location'))
    const where = to === undefined ? 'elsewhere' : `to ${redact(to, AnswerHeaders.secretsOf(headers))}`
    const message = `${provider} redirects ${where} (${status}), which is never followed; set baseURL to the right address`
    return new LLMError('redirect', message, { ...facts, status })
  }
  if (status < 200 || status >= 300) return undefined
  if (status === 204 || status === 205) {
    const message = `${provider} answered without a body (${status})`
    return new LLMError('protocol', message, { ...facts, status, billed: 'no' })
  }
  const encoding = encodingOf(headers)
  if (encoding !== '' && encoding !== 'gzip') {
    // The answer was there: what the request cost was spent.
    const message = `${provider} sent an answer in an encoding that it was asked not to use`
    return new LLMError('protocol', message, { ...facts, status, billed: 'yes' })
  }
  if (essence(headers) === 'text/html') {
    const message = `${provider} answered with a web page; check baseURL and the network`
    return new LLMError('protocol', message, { ...facts, status, billed: 'no' })
  }
  return undefined
}

function originOf(location: string | undefined): string | undefined {
  try {
    return location === undefined ? undefined : new URL(location).origin
  } catch {
    return undefined
  }
}

async function errorBody({ body }: Exchange): Promise<unknown> {
  let text: string
  try {
    text = new TextDecoder().decode(await readUpTo(body, MAX_ERROR_BODY))
  } catch {
    return undefined // the status is the better error
  }
  try {
    return parseJSON(text)
  } catch {
    return text === '' ? undefined : text
  }
}
