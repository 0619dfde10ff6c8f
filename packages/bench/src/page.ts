import { cpus, totalmem } from 'node:os'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { peersFolder } from './places.ts'
import { outcomes, type Report } from './row.ts'
import { figures, short, verdict } from './table.ts'
import { targets } from './targets.ts'

/** Whom readers come from. */
const clients: readonly string[] = ['openai', 'anthropic', 'AI SDK', 'langchain']

/** The page of what was measured, by one run. */
export function page(reports: readonly Report[]): string {
  const lines = targets.flatMap(({ name, title }) => {
    const all = reports.filter((report) => report.name === name).flatMap(({ rows }) => outcomes(rows))
    if (all.length === 0) return []
    const missed = all.filter(({ fate }) => fate !== 'met')
    const words = missed.map((one) => `  * ${one.fate}: ${one.row.title}: ${verdict(one)}`)
    return [
      `* ${name}, ${title}: ${missed.length === 0 ? 'met' : `${all.length - missed.length} of ${all.length} met`}`,
      ...words,
    ]
  })
  return [
    '# Performance',
    '',
    'Made by `pnpm bench --figures` from one run. Times are CPU times of the measuring process, medians of rounds in which all',
    'cases take turns; servers run in another process, and so does each client that calls one. Only the ratios mean anything on another machine.',
    '',
    `Machine: ${machine()}. Peers: ${versions()}.`,
    '',
    ...besideOthers(reports),
    '## Against the targets',
    '',
    'A target is an amount or a ratio that was set beforehand. Where one is missed, the notes of its section say what takes the time.',
    'Out of reach on this machine is one that a bare floor, which does nothing of what Wayfare is for, misses as well.',
    '',
    ...lines,
    '',
    ...targets.flatMap(({ name, title }) =>
      reports.filter((report) => report.name === name).flatMap((report) => section(report, title)),
    ),
  ].join('\n')
}

/** What readers look for first. */
function besideOthers(reports: readonly Report[]): readonly string[] {
  const rows = reports
    .flatMap((report) => report.rows)
    .filter((row) => clients.some((client) => row.figures[client] !== undefined))
  if (rows.length === 0) return []
  const cell = (figure: number | undefined): string => (figure === undefined ? '' : short(figure))
  return [
    '## Beside other libraries',
    '',
    'Less is better. What each of them did, and what it brought along, stands in the notes of the section that the row is from.',
    '',
    `| what | unit | ${['ours', ...clients].join(' | ')} |`,
    `| --- | --- |${' --: |'.repeat(1 + clients.length)}`,
    ...rows.map(
      ({ title, unit, figures: by }) =>
        `| ${[title, unit, ...['ours', ...clients].map((who) => cell(by[who]))].join(' | ')} |`,
    ),
    '',
  ]
}

function section({ name, node, rows, notes }: Report, title: string): readonly string[] {
  return [
    `## ${name}: ${title}, Node ${node}`,
    '',
    '| what | unit | measured | target |',
    '| --- | --- | --- | --- |',
    ...rows.map((row) => {
      const verdicts = outcomes([row]).map((one) => `${one.fate === 'met' ? '' : `**${one.fate}** `}${verdict(one)}`)
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
