/** The name that a misspelt one most likely meant; undefined when none is near. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  // Two letters may differ in a short word, a third of them in a long one, never all.
  let allowed = Math.min(Math.max(2, Math.floor(word.length / 3)), word.length - 1)
  let found: string | undefined
  for (const name of names) {
    const changes = distance(word.toLowerCase(), name.toLowerCase())
    if (changes > allowed) continue
    found = name
    allowed = changes - 1
  }
  return found
}

/** How many letters must be put in, taken out or replaced. */
function distance(a: string, b: string): number {
  let above = Array.from({ length: Array.from(b).length + 1 }, (_, column) => column)
  for (const [line, letter] of Array.from(a).entries()) {
    const current = [line + 1]
    for (const [column, other] of Array.from(b).entries()) {
      const replaced = (above[column] ?? 0) + (letter === other ? 0 : 1)
      current.push(Math.min(replaced, (above[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1))
    }
    above = current
  }
  return above.at(-1) ?? 0
}
