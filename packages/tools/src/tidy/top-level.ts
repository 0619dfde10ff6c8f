import type { Finding, House } from './house.ts'

const allowed: ReadonlySet<string> = new Set(
  [
    'packages apps .ci .github .changeset',
    'README.md LICENSE ARCHITECTURE.md CONTRIBUTING.md SECURITY.md CODE_OF_CONDUCT.md',
    'package.json pnpm-workspace.yaml pnpm-lock.yaml .npmrc .gitignore .gitattributes',
    'turbo.json tsconfig.base.json tsconfig.json tsconfig.build.json',
    'tsup.config.ts vitest.config.ts .oxlintrc.json .oxfmtrc.json knip.json',
  ].flatMap((line) => line.split(' ')),
)

/** The front door stays tidy. */
export function topLevel({ entries }: House): readonly Finding[] {
  return entries
    .filter((name) => !allowed.has(name))
    .map((path) => ({
      path,
      message: 'does not belong at the top: put it into a package, or allow it in packages/tools/src/tidy/top-level.ts',
    }))
}
