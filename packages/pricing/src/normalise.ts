/** A model id without what does not change its price, and the region that it named. */
export interface PlainId {
  readonly id: string
  readonly geo?: string
}

const path = /^(?:arn:.*\/|(?:projects\/.*\/)?publishers\/[^/]+\/models\/|models\/)/
const region = /^(us-gov|us|eu|apac|jp|au|ca|global)\./
const tail =
  /(?:@(?:\d{8}|default|latest)|-20\d{6}|-20\d{2}-\d{2}-\d{2}|-latest|-default|-v\d+:\d+|:nitro|:floor|:online)$/
const harmless =
  /^(?:[-@:](?:20\d{2}-\d{2}-\d{2}|\d{2}-\d{2}|\d{2}-20\d{2}|20\d{6}|\d{4}|00\d|v\d+(?::\d+)?|latest|default|preview|exp|experimental|beta))*$/

/**
 * Strips paths, a region, dates, versions and routing suffixes from a lower-case id. Words that name another model
 * (mini, nano, pro, lite, flash, high, turbo, audio, image, codex) and bare numbers stay.
 */
export function normalise(id: string): PlainId {
  let plain = id.replace(path, '')
  const geo = region.exec(plain)?.[1]
  if (geo !== undefined) plain = plain.slice(geo.length + 1)
  for (let before = ''; before !== plain;) {
    before = plain
    plain = plain.replace(tail, '')
  }
  return geo === undefined ? { id: plain } : { id: plain, geo }
}

/** Whether an id that begins with a listed prefix and goes on like this is still the same model. */
export function isHarmlessSuffix(suffix: string): boolean {
  return harmless.test(suffix)
}
