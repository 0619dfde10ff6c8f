import type { Snapshot } from '../../../pricing/src/unpack.ts'

/** The snapshot as a source file: one line a vendor's facts, one line a model. */
export function renderSnapshot({ source, date, vendors }: Snapshot): string {
  const blocks = vendors.map(({ models, ...facts }) => {
    const head = JSON.stringify(facts).slice(0, -1)
    const rows = models.map((model) => JSON.stringify(model)).join(',\n')
    return models.length === 0 ? `${head},"models":[]}` : `${head},"models":[\n${rows}]}`
  })
  return `// Made by \`pnpm prices\`; corrections belong in ../overrides.json.
import type { Snapshot } from './unpack.ts'

export const snapshot: Snapshot = {
  source: ${quoted(source)},
  date: ${quoted(date)},
  // One text, because a literal of this size would slow down every type check.
  vendors: JSON.parse(\`[${blocks.join(',\n').replaceAll('\\', '\\\\').replaceAll('`', '\\`')}]\`) as Snapshot['vendors'],
}
`
}

function quoted(text: string): string {
  return `'${text}'`
}
