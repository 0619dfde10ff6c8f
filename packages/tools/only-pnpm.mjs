// npm and yarn would build another tree from the same package.json; stop them before they begin.
if (!(process.env.npm_config_user_agent ?? '').startsWith('pnpm/')) {
  console.error('This repository uses pnpm: run `npx pnpm install`.')
  process.exit(1)
}
