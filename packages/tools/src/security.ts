import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { dependencyProblems, keyLine, lockfileProblems, settingProblems } from './security/supply.ts'
import { workflowProblems } from './security/workflows.ts'
import { published, readWorkspace, root } from './workspace/read.ts'

const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const workflows = '.github/workflows'

const checks: Readonly<Record<string, () => readonly string[]>> = {
  'only dependencies that somebody decided on': () => dependencyProblems(published(readWorkspace())),
  'the lockfile names the registry and checksums only': () => lockfileProblems(read('pnpm-lock.yaml')),
  'the package manager is careful': () => settingProblems(read('pnpm-workspace.yaml')),
  'workflows have few rights and fixed actions': () =>
    readdirSync(join(root, workflows)).flatMap((name) =>
      workflowProblems(read(`${workflows}/${name}`)).map((problem) => `${workflows}/${name}: ${problem}`),
    ),
  'no file holds a key': () =>
    trackedFiles().flatMap((path) => {
      const line = keyLine(read(path))
      return line === undefined ? [] : [`${path}:${line}: looks like a living key: revoke it, then take it out`]
    }),
  'no commit ever held one': () =>
    keyLine(history()) === undefined
      ? []
      : ['the history holds what looks like a living key (git log -p --all): revoke it, whoever has a clone has it'],
  'there is a way to report a weakness': () =>
    existsSync(join(root, 'SECURITY.md')) ? [] : ['SECURITY.md is missing'],
}

for (const [title, check] of Object.entries(checks)) {
  const problems = check()
  console.log(`${problems.length === 0 ? 'ok    ' : 'FAILED'}  ${title}`)
  for (const problem of problems) console.log(`        ${problem}`)
  if (problems.length > 0) process.exitCode = 1
}

function trackedFiles(): readonly string[] {
  return execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' })
    .split('\0')
    .filter((path) => path !== '' && existsSync(join(root, path)) && statSync(join(root, path)).isFile())
}

/** Every line that was ever added or taken out, of as much of the history as this clone has. */
function history(): string {
  return execFileSync('git', ['log', '--patch', '--all', '--format='], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  })
}
