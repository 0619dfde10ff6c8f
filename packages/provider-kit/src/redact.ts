/** Text of a server, without secrets: the given ones, their beginnings of 12 characters and more, and what looks like a key. */
export function redact(text: string, secrets: readonly string[]): string {
  let clean = text
  for (const secret of secrets) if (secret.length >= 8) clean = withoutSecret(clean, secret)
  return clean
    .replace(/\b(bearer|basic)\s+[\w.~+/=-]{4,}/gi, '$1 [redacted]')
    .replace(/\bsk-[\w-]{6,}/g, '[redacted]')
    .replace(/\b(api[-_]?key|key|token)=[^\s&"']+/gi, '$1=[redacted]')
}

function withoutSecret(text: string, secret: string): string {
  const needle = secret.slice(0, 12)
  let clean = ''
  let from = 0
  for (let at = text.indexOf(needle); at !== -1; at = text.indexOf(needle, from)) {
    let end = needle.length
    while (end < secret.length && text[at + end] === secret[end]) end++
    clean += `${text.slice(from, at)}[redacted]`
    from = at + end
  }
  return clean + text.slice(from)
}
