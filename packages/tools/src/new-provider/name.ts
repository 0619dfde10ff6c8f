/** The forms that a provider's name takes in its package. */
export interface ProviderName {
  /** `big-model`: the folder, the vendor, the first part of a reference. */
  readonly kebab: string
  /** `bigModel`: the function. */
  readonly camel: string
  /** `BigModel`: in the names of types. */
  readonly pascal: string
  /** `BIG_MODEL`: in the name of the variable. */
  readonly constant: string
  /** `Big Model`: for people. */
  readonly title: string
}

const reserved: ReadonlySet<string> = new Set(
  'await break case catch class const continue debugger default delete do else enum export extends false finally for function if import in instanceof let new null package private protected public return static super switch this throw true try typeof undefined var void while with yield'.split(
    ' ',
  ),
)

/** Throws an Error that says what a name may be. */
export function providerName(kebab: string, taken: readonly string[]): ProviderName {
  if (!/^[a-z][a-z0-9]*(?:-[a-z][a-z0-9]*)*$/.test(kebab) || kebab.length > 40) {
    throw new Error(`"${kebab}" cannot be a name: use lower-case letters, digits and hyphens, such as big-model`)
  }
  if (reserved.has(kebab))
    throw new Error(`"${kebab}" is a word of JavaScript and cannot name a function: choose another`)
  if (taken.includes(kebab)) throw new Error(`packages/${kebab} exists already: choose another name`)
  const words = kebab.split('-')
  const capitals = words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
  return {
    kebab,
    camel: [words[0], ...capitals.slice(1)].join(''),
    pascal: capitals.join(''),
    constant: kebab.replaceAll('-', '_').toUpperCase(),
    title: capitals.join(' '),
  }
}
