/** A model id without what does not change its price, and the region that it named. */
export interface PlainId {
  readonly id: string
  readonly geo?: string
}

const path = /^(?:arn:.*\/|(?:projects\/.*\/)?publishers\/[^/]+\/models\/|models\/)/
const region = /^(us-gov|us|eu|apac|jp|au|ca|in|global)\./
const tail =
  /(?:@(?:\d{8}|default|latest)|-20\d{6}|-20\d{2}-\d{2}-\d{2}|-latest|-default|-v\d{1,3}:\d{1,3}|:nitro|:floor|:online)$/
/** The longest tail has so many characters. */
const tailLength = 11
const harmless =
  /[-@:](?:20\d{2}-\d{2}-\d{2}|\d{2}-\d{2}|\d{2}-20\d{2}|20\d{6}|\d{4}|00\d|v\d+(?::\d+)?|latest|default|preview|exp|experimental|beta)(?=[-@:]|$)/y

/**
 * Strips paths, a region, dates, versions and routing suffixes from a lower-case id. Words that name another model
 * (mini, nano, pro, lite, flash, high, turbo, audio, image, codex) and bare numbers stay.
 */
export function normalise(id: string): PlainId {
  let plain = id.includes('/') ? id.replace(path, '') : id
  const geo = region.exec(plain)?.[1]
  if (geo !== undefined) plain = plain.slice(geo.length + 1)
  for (;;) {
    const cut = tail.exec(plain.slice(-tailLength))?.[0].length
    if (cut === undefined) break
    plain = plain.slice(0, -cut)
  }
  return geo === undefined ? { id: plain } : { id: plain, geo }
}

/** Whether an id that begins with a listed prefix and goes on like this is still the same model. */
export function isHarmlessSuffix(suffix: string): boolean {
  // Word by word: one pattern for all of them could be made to backtrack for ever.
  let end = 0
  while (end < suffix.length) {
    harmless.lastIndex = end
    if (!harmless.test(suffix)) return false
    end = harmless.lastIndex
  }
  return true
}
