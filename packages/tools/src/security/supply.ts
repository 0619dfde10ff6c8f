import type { Package } from '../workspace/read.ts'

/** The packages of others that ours bring along. One more is a decision, and is written down here. */
const outside: Readonly<Record<string, readonly string[]>> = {
  'provider-kit': ['undici'],
  llm: ['zod'],
  // Behind a door of its own: who reads no catalogue loads none of it.
  pricing: ['zod'],
}

/** Dependencies that nobody has decided on. */
export function dependencyProblems(packages: readonly Package[]): readonly string[] {
  return packages.flatMap(({ dir, folder, manifest }) =>
    Object.keys(manifest.dependencies ?? {})
      .filter((name) => !name.startsWith('@wayfare/') && !outside[folder]?.includes(name))
      .map((name) => `${dir}/package.json: ${name} would reach every user; do without, or decide in supply.ts`),
  )
}

/** Packages that do not come from the registry with a checksum. */
export function lockfileProblems(text: string): readonly string[] {
  return text.split('\n').flatMap((line, index) => {
    if (/git\+|git@github|ssh:|type: git|tarball:|codeload\.github/.test(line))
      return [`pnpm-lock.yaml:${index + 1}: not from the registry: ${line.trim()}`]
    if (/^\s+resolution: \{(?!integrity: sha512-)/.test(line))
      return [`pnpm-lock.yaml:${index + 1}: without a checksum: ${line.trim()}`]
    return []
  })
}

const settings: readonly (readonly [line: RegExp, message: string])[] = [
  [/^blockExoticSubdeps: true$/m, 'blockExoticSubdeps: true keeps dependencies of dependencies on the registry'],
  [/^strictDepBuilds: true$/m, 'strictDepBuilds: true makes an unknown build script an error'],
  [/^trustPolicy: no-downgrade$/m, 'trustPolicy: no-downgrade refuses a version that lost its provenance'],
  [/^minimumReleaseAge: \d{5,}$/m, 'minimumReleaseAge: 11520 leaves others eight days to find what is wrong'],
]

/** Settings of the package manager that are missing. */
export function settingProblems(text: string): readonly string[] {
  const builds = [...text.matchAll(/^ {2}(\S+): true$/gm)].map(
    (match) => `pnpm-workspace.yaml: ${match[1]} may run scripts at install`,
  )
  const missing = settings.filter(([line]) => !line.test(text)).map(([, message]) => `pnpm-workspace.yaml: ${message}`)
  return [...missing, ...builds]
}

const keys: RegExp =
  /\b(?:sk-ant-api\d\d-[\w-]{80,}|sk-proj-[\w-]{60,}|AIza[\w-]{35}|gh[pousr]_\w{36}|npm_\w{36})\b|-----BEGIN [A-Z ]*PRIVATE KEY-----/

/** The line, from 1, in which something looks like a living key. */
export function keyLine(text: string): number | undefined {
  const line = text.split('\n').findIndex((candidate) => keys.test(candidate))
  return line < 0 ? undefined : line + 1
}
