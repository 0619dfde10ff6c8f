/** A place to print on: coloured on a terminal, plain in a pipe. */
export interface Screen {
  write(text: string): void
  line(text?: string): void
  /** The heading of a scene. */
  heading(number: number, title: string): void
  /** What the reader should notice. */
  note(text: string): void
  /** Something that went wrong, as it should in a demo of failures. */
  trouble(text: string): void
  dim(text: string): string
  bold(text: string): string
}

interface Output {
  readonly isTTY?: boolean
  /** Of a terminal; text in a pipe is not broken. */
  readonly columns?: number | undefined
  write(text: string): unknown
}

export function screenOn(output: Output, env: { readonly [name: string]: string | undefined }): Screen {
  const coloured = output.isTTY === true && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb'
  const paint = (code: number, text: string): string => (coloured ? `\u001B[${code}m${text}\u001B[0m` : text)
  const line = (text = ''): void => void output.write(`${text}\n`)
  const bold = (text: string): string => paint(1, text)
  const dim = (text: string): string => paint(2, text)
  const sign = (mark: string, text: string): void =>
    line(`   ${mark} ${wrapped(text, (output.columns ?? Infinity) - 5).join('\n     ')}`)
  return {
    write: (text) => void output.write(text),
    line,
    heading: (number, title) => {
      line()
      line(bold(`${number}. ${title}`))
    },
    note: (text) => sign(paint(32, '>'), text),
    trouble: (text) => sign(paint(33, '!'), text),
    dim,
    bold,
  }
}

/** Lines of at most `columns`, broken between words; a longer word has a line of its own. */
function wrapped(text: string, columns: number): readonly string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`
    if (lines.length > 0 && longer.length > columns) lines.push(word)
    else lines.splice(-1, 1, longer)
  }
  return lines
}

/** Columns padded to their widest cell; numbers to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)))
  const isNumber = head.map((_, column) => rows.every((row) => /^[$\d.,%-]*$/.test(row[column]!)))
  const format = (row: readonly string[]): string =>
    row
      .map((cell, column) => (isNumber[column] ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
      .join('  ')
      .trimEnd()
  return [format(head), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map(format)]
}

/** USD with as many places as small sums need; nine show the nano-dollars that a ledger counts. */
export function usd(amount: number | undefined, places: 6 | 9 = 6): string {
  return amount === undefined ? 'unknown' : `$${amount.toFixed(places)}`
}
