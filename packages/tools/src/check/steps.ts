/** One check: a program that ends with 0 when all is well. */
export interface CheckStep {
  readonly name: string
  readonly command: readonly string[]
}

/** From quick to slow, so that what is easily put right shows first. */
export const steps: readonly CheckStep[] = [
  { name: 'workspace', command: ['pnpm', 'workspace', '--check'] },
  { name: 'tidy', command: ['pnpm', 'tidy'] },
  { name: 'format', command: ['pnpm', 'exec', 'oxfmt', '--check'] },
  { name: 'types', command: ['pnpm', 'types'] },
  { name: 'lint', command: ['pnpm', 'lint'] },
  { name: 'security', command: ['pnpm', 'security'] },
  { name: 'knip', command: ['pnpm', 'knip'] },
  { name: 'scaffold', command: ['pnpm', 'scaffold:check'] },
  { name: 'docs', command: ['pnpm', 'docs:check'] },
  { name: 'providers', command: ['pnpm', 'providers', '--check'] },
  { name: 'build', command: ['pnpm', 'build'] },
  { name: 'pack', command: ['pnpm', 'pack:check'] },
  { name: 'sizes', command: ['pnpm', 'sizes'] },
]
