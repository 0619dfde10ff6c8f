import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { child, several } from './child.ts'
import { deadLinks } from './docs/links.ts'
import { mapBack, opening, programs, type Program } from './docs/program.ts'
import { extract } from './docs/snippets.ts'
import { layOut } from './workspace/lay-out.ts'
import { published, readWorkspace, root } from './workspace/read.ts'

const usage = `pnpm docs:check [part of a path...]
Compiles every \`\`\`ts fence of the READMEs, of apps/docs and of the doc comments, runs the first one of each page, and follows
the links from page to page.
With parts of paths, only files whose path has one of them.

A fence may say:  \`\`\`ts no-run     compiled only; the first line is a comment that says why
                  \`\`\`ts no-check   only shown; the first line is a comment that says why
                  \`\`\`ts continues  takes up where the snippet before it ended`

const folder = join(root, 'node_modules/.cache/docs')
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { help: { type: 'boolean', short: 'h' } },
})

if (values.help) console.log(usage)
else process.exitCode = (await main()) ? 0 : 1

async function main(): Promise<boolean> {
  const packages = readWorkspace()
  const docs = readdirSync(join(root, 'apps/docs')).filter((name) => name.endsWith('.md'))
  const pages = [
    ...readdirSync(root).filter((name) => name.endsWith('.md')),
    ...docs.map((name) => `apps/docs/${name}`),
  ]
  const paths = [...pages, ...packages.flatMap(({ dir }) => [`${dir}/README.md`, ...sources(dir)])]
    .filter((path) => existsSync(join(root, path)))
    .filter((path) => positionals.length === 0 || positionals.some((part) => path.includes(part)))
  const extracts = paths.map((path) => extract(path, readFileSync(join(root, path), 'utf8')))
  const all = programs(extracts.flatMap(({ snippets }) => snippets))
  const problems = [
    ...extracts.flatMap((found) => found.problems),
    ...paths.filter((path) => path.endsWith('.md')).flatMap((path) => deadLinks(path, textOf(path) ?? '', textOf)),
    ...published(packages)
      .map(({ dir }) => `${dir}/README.md`)
      .filter((path) => paths.includes(path) && !all.some(({ snippet }) => snippet.path === path))
      .map((path) => `${path}: it has no \`\`\`ts snippet; open with one that runs`),
  ]
  layOut(folder, root, packages, new Map(all.map(({ name, text }) => [name, text])))
  const compiled = await compile(all)
  const ran = await several(opening(all), availableParallelism() + 1, (program) => run(program, all))
  const failures = [...problems, ...compiled, ...ran.filter((text) => text !== undefined)]
  for (const failure of failures) console.log(failure)
  console.log(`${all.length} snippets compiled, ${ran.length} run, ${failures.length} failed`)
  return failures.length === 0
}

/** Of a folder, a text without headings. */
function textOf(path: string): string | undefined {
  const file = join(root, path)
  if (!existsSync(file)) return undefined
  return statSync(file).isDirectory() ? '' : readFileSync(file, 'utf8')
}

function sources(dir: string): readonly string[] {
  const folder = join(root, dir, 'src')
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .toSorted()
    .map((name) => `${dir}/src/${name.replaceAll('\\', '/')}`)
}

async function compile(all: readonly Program[]): Promise<readonly string[]> {
  const tsc = join(root, 'node_modules/.bin/tsc')
  const { code, output } = await child(tsc, ['-p', folder, '--pretty', 'false'], { cwd: root })
  if (code === 0) return []
  const own = output.split(/\n(?=\S)/).filter((message) => message.includes('snippet-'))
  if (own.length > 0) return own.map((message) => mapBack(message.trim(), all))
  return [`the sources themselves do not compile; run \`pnpm types\`:\n${output}`]
}

/** What went wrong; undefined when it ended well. */
async function run(program: Program, all: readonly Program[]): Promise<string | undefined> {
  const args = ['--import', 'tsx', '--conditions=@wayfare/source', join(folder, program.name)]
  // Keys of the one who runs this must not reach a vendor.
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], NO_COLOR: '1' }
  const { code, output, tookMs } = await child(process.execPath, args, { cwd: root, env, timeoutMs: 20_000 })
  const { path, line } = program.snippet
  if (code === 0) {
    console.log(`ran ${path}:${line} in ${Math.round(tookMs)} ms`)
    return undefined
  }
  return `${path}:${line}: the snippet ended with ${code}\n${mapBack(output, all).trim().replace(/^/gm, '  ')}`
}
