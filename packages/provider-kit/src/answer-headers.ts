// What its iterators are called depends on the version of TypeScript.
type Headers = ReadonlyMap<string, string>
type Fields = Readonly<Record<string, string | readonly string[] | undefined>>

/** The headers of an answer, by their lower-case names. Most are never looked at: a map is made only for who wants them all. */
export class AnswerHeaders implements Headers {
  readonly #fields: Fields
  #map: Headers | undefined
  #secret: string | undefined

  constructor(fields: Fields) {
    this.#fields = fields
  }

  /** What the request carried: errors made from these headers must not echo it. */
  hold(secret: string): void {
    this.#secret = secret
  }

  static secretsOf(headers: object): readonly string[] {
    return #secret in headers && headers.#secret !== undefined ? [headers.#secret] : []
  }

  get(name: string): string | undefined {
    const value = this.#fields[name]
    if (typeof value === 'string') return value
    return Array.isArray(value) ? value.join(', ') : undefined
  }

  has(name: string): boolean {
    return this.get(name) !== undefined
  }

  get size(): number {
    return this.#all.size
  }

  forEach(each: (value: string, name: string, map: Headers) => void): void {
    for (const [name, value] of this.#all) each(value, name, this)
  }

  entries(): ReturnType<Headers['entries']> {
    return this.#all.entries()
  }

  keys(): ReturnType<Headers['keys']> {
    return this.#all.keys()
  }

  values(): ReturnType<Headers['values']> {
    return this.#all.values()
  }

  [Symbol.iterator](): ReturnType<Headers['entries']> {
    return this.#all.entries()
  }

  get #all(): Headers {
    this.#map ??= new Map(Object.keys(this.#fields).map((name) => [name, this.get(name) ?? '']))
    return this.#map
  }
}
