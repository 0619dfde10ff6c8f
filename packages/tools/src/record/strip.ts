/** Headers that mean something to a provider and nothing to whoever looks for an account. */
const kept: ReadonlySet<string> = new Set(['content-type', 'retry-after', 'retry-after-ms', 'x-should-retry'])

/** Fields of JSON that say who asked. */
const personal =
  /"((?:organization|org|account|project|workspace|user|creator_user|customer|tenant)(?:_?(?:id|name|uuid))?|email|label|hash|safety_identifier|request_id|signin_url)"\s*:\s*"[^"]*"/gi

/** Ids that say who asked, wherever they stand. */
const ids = /\b(?:org|proj|user|acct|wrkspc|cus|req)[-_][A-Za-z0-9]{6,}\b/g
const addresses = /[\w.+-]+@[\w-]+\.[\w.]+|\b(?:\d{1,3}\.){3}\d{1,3}\b/g

/** An answer as it may be shown to everybody: without the key, and without what says whose it was. */
export function strippedText(text: string, key: string): string {
  return withoutKey(text, key)
    .replaceAll(personal, '"$1":"removed"')
    .replaceAll(ids, 'removed')
    .replaceAll(addresses, 'removed')
    .replaceAll('\r\n', '\n')
}

export function strippedHeaders(headers: Headers): Record<string, string> {
  return Object.fromEntries([...headers].filter(([name]) => kept.has(name)))
}

/** Also the beginnings and ends of the key that vendors show in their messages. */
function withoutKey(text: string, key: string): string {
  if (key.length < 8) return text
  const escaped = (piece: string): string => piece.replaceAll(/[^\w]/g, '\\$&')
  const whole = new RegExp(escaped(key), 'g')
  const masked = new RegExp(`${escaped(key.slice(0, 6))}[\\w*.…-]*${escaped(key.slice(-4))}`, 'g')
  return text.replaceAll(whole, 'removed').replaceAll(masked, 'removed')
}
