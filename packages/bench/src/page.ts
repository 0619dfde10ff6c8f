import { cpus, totalmem } from 'node:os'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { peersFolder } from './places.ts'
import { outcomes, type Report } from './row.ts'
import { figures, verdict } from './table.ts'
import { targets } from './targets.ts'

export interface Page {
  readonly text: string
  /** For the page of reliability, which shows the figures of every long suite. */
  readonly figures: { readonly title: string; readonly command: string; readonly lines: readonly string[] }
}

/** The page of what was measured, by one run. */
export function page(reports: readonly Report[]): Page {
  const lines = targets.flatMap(({ name, title }) => {
    const all = reports.filter((report) => report.name === name).flatMap(({ rows }) => outcomes(rows))
    if (all.length === 0) return []
    const missed = all.filter(({ met }) => !met)
    const words = missed.map((one) => `${one.row.title}: ${verdict(one)}`)
    return [`${name}, ${title}: ${missed.length === 0 ? 'met' : `missed (${words.join('; ')})`}`]
  })
  const text = [
    '# Performance',
    '',
    'Made by `pnpm bench --figures` from one run. Times are CPU times of the measuring process, medians of rounds in which all',
    'cases take turns; servers run in another process, and so does each client that calls one. Only the ratios mean anything on another machine.',
    '',
    `Machine: ${machine()}. Peers: ${versions()}.`,
    '',
    ...lines.map((line) => `* ${line}`),
    '',
    ...targets.flatMap(({ name, title }) =>
      reports.filter((report) => report.name === name).flatMap((report) => section(report, title)),
    ),
  ].join('\n')
  return { text, figures: { title: 'Performance', command: 'pnpm bench --figures', lines } }
}

function section({ name, node, rows, notes }: Report, title: string): readonly string[] {
  return [
    `## ${name}: ${title}, Node ${node}`,
    '',
    '| what | unit | measured | target |',
    '| --- | --- | --- | --- |',
    ...rows.map((row) => {
      const verdicts = outcomes([row]).map((one) => `${one.met ? '' : '**missed** '}${verdict(one)}`)
      return `| ${row.title} | ${row.unit} | ${figures(row)} | ${verdicts.join('<br>')} |`
    }),
    '',
    ...(notes.length > 0 ? [...notes.map((note) => `* ${note}`), ''] : []),
  ]
}

function machine(): string {
  const processors = cpus()
  return `${processors.length} x ${processors[0]?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform}`
}

function versions(): string {
  const manifest = JSON.parse(readFileSync(join(peersFolder, 'package.json'), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>
  } // ours
  const installed = existsSync(join(peersFolder, 'node_modules'))
  const names = Object.entries(manifest.dependencies).map(([name, version]) => `${name} ${version}`)
  return installed ? names.join(', ') : 'not installed'
}
