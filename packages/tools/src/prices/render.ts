import type { PriceList } from '../../../pricing/src/unpack.ts'

/** A list as a source file that exports it by a name: a vendor's facts, then its models, as many as fit into a line. */
export function renderList(name: string, { source, date, vendors }: PriceList): string {
  const blocks = vendors.map(({ models, ...facts }) => {
    const head = JSON.stringify(facts).slice(0, -1)
    const rows = filled(models.map((model) => JSON.stringify(model)))
    return models.length === 0 ? `${head},"models":[]}` : `${head},"models":[\n${rows}]}`
  })
  return `// Made by \`pnpm prices\`; corrections belong in ../overrides.json.
import type { PriceList } from './unpack.ts'

${docs[name] ?? ''}export const ${name}: PriceList = {
  source: ${quoted(source)},
  date: ${quoted(date)},
  // One text, because a literal of this size would slow down every type check; read when somebody looks, not by an import.
  get vendors() {
    return JSON.parse(\`[${blocks.join(',\n').replaceAll('\\', '\\\\').replaceAll('`', '\\`')}]\`) as PriceList['vendors']
  },
}
`
}

const docs: { readonly [name: string]: string } = {
  clouds:
    '/** Models that Bedrock, Vertex and Azure sell. Give it to a registry: `new PriceRegistry({ lists: [clouds] })`. */\n',
}

const columns = 120

function filled(rows: readonly string[]): string {
  let text = ''
  let column = 0
  for (const [i, row] of rows.entries()) {
    const breaks = i > 0 && column + row.length > columns
    if (i > 0) text += breaks ? ',\n' : ','
    text += row
    column = breaks ? row.length : column + row.length + 1
  }
  return text
}

function quoted(text: string): string {
  return `'${text}'`
}
