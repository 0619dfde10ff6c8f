/** A source with its comments, or its comments and text literals, replaced by blanks. Lines and columns stay. */
export interface Blanked {
  /** Without comments. */
  readonly bare: string
  /** Without comments and without what stands in quotes, templates and regular expressions. */
  readonly code: string
}

const LITERAL = String.raw`\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:\\[\s\S]|[^'\\\n])*'|"(?:\\[\s\S]|[^"\\\n])*"`
const TOKEN = new RegExp(`${LITERAL}|[\`/]`, 'g')
/** Braces matter only between a template's `${` and its end. */
const TOKEN_IN_TEMPLATE = new RegExp(`${LITERAL}|[\`{}/]`, 'g')

export function blank(text: string): Blanked {
  const bare: string[] = []
  const code: string[] = []
  // Each open `${` of a template remembers the braces that were open outside of it.
  const templates: number[] = []
  let braces = 0
  let at = 0
  const keep = (to: number): void => {
    bare.push(text.slice(at, to))
    code.push(text.slice(at, to))
    at = to
  }
  const drop = (to: number, comment: boolean): void => {
    const blanks = text.slice(at, to).replace(/[^\n]/g, ' ')
    bare.push(comment ? blanks : text.slice(at, to))
    code.push(blanks)
    at = to
  }
  const template = (from: number): void => {
    const to = templateEnd(text, from)
    drop(to, false)
    if (text.startsWith('${', to - 2)) {
      templates.push(braces)
      braces = 0
    }
  }
  while (at < text.length) {
    const pattern = templates.length > 0 ? TOKEN_IN_TEMPLATE : TOKEN
    pattern.lastIndex = at
    const found = pattern.exec(text)
    keep(found?.index ?? text.length)
    const token = found?.[0] ?? ''
    if (token.startsWith('//') || token.startsWith('/*')) drop(at + token.length, true)
    else if (token.startsWith("'") || token.startsWith('"')) drop(at + token.length, false)
    else if (token === '`') template(at + 1)
    else if (token === '/') slash()
    else if (token === '}' && braces === 0 && templates.length > 0) {
      braces = templates.pop() ?? 0
      template(at + 1)
    } else {
      if (token === '{') braces++
      if (token === '}') braces--
      keep(at + token.length)
    }
  }
  return { bare: bare.join(''), code: code.join('') }

  function slash(): void {
    const regex = /^\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/\w*/.exec(text.slice(at, at + 2000))
    if (regex && startsExpression(code)) drop(at + regex[0].length, false)
    else keep(at + 1)
  }
}

/** Behind the closing backtick or behind the `${` that comes first. */
function templateEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === '`') return at + 1
    else if (text[at] === '$' && text[at + 1] === '{') return at + 2
  }
  return text.length
}

/** Whether a slash after this code begins a regular expression and does not divide. */
function startsExpression(code: readonly string[]): boolean {
  const before = code.slice(-6).join('').trimEnd()
  return before === '' || /(?:[(,=:[!&|?{};+\-*%<>~^]|\b(?:return|typeof|case|in|of|yield|await))$/.test(before)
}
