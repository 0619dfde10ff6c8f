import { lineAt, type Finding, type House, type Source } from './house.ts'

interface Global {
  readonly name: string
  readonly pattern: RegExp
  readonly instead: string
}

const globals: readonly Global[] = [
  { name: 'Date.now', pattern: /\bDate\.now\b/g, instead: 'take a Clock' },
  { name: 'new Date()', pattern: /\bnew Date\b(?!\s*\(\s*[^)\s])/g, instead: 'take a Clock' },
  { name: 'setTimeout', pattern: /(?<![.\w])setTimeout\b/g, instead: 'take a Clock' },
  { name: 'setInterval', pattern: /(?<![.\w])setInterval\b/g, instead: 'take a Clock' },
  { name: 'Math.random', pattern: /\bMath\.random\b/g, instead: 'take `random`' },
  { name: 'fetch', pattern: /(?<![.\w$])fetch\s*\(|\bglobalThis\.fetch\b/g, instead: 'go through endpoint()' },
  { name: 'performance', pattern: /(?<![.\w])performance\./g, instead: 'take a Clock' },
  { name: 'process.env', pattern: /\bprocess\.env\b/g, instead: 'take the value as an option' },
]

interface Rim {
  readonly allows: readonly string[]
  readonly reason: string
}

const time: readonly string[] = ['Date.now', 'new Date()', 'setTimeout', 'performance']

/** The only files that touch the world, each with its reason. */
const rims: Readonly<Record<string, Rim>> = {
  'packages/core/src/clock.ts': { allows: time, reason: 'the default clock' },
  'packages/core/src/chance.ts': { allows: ['Math.random'], reason: 'the default chance' },
  'packages/cost/src/clock.ts': { allows: time, reason: 'the default clock' },
  'packages/pricing/src/clock.ts': { allows: time, reason: 'the default clock' },
  'packages/pricing/src/loaders/refresh.ts': { allows: ['fetch'], reason: 'fetches catalogues, when it is told to' },
  'packages/provider-kit/src/fetch-transport.ts': { allows: ['fetch'], reason: 'calls the fetch that the user passed' },
  'packages/provider-kit/src/watch.ts': {
    allows: ['setTimeout'],
    reason: 'a turn of the loop where setImmediate is missing',
  },
  'packages/llm/src/from-env.ts': { allows: ['process.env'], reason: 'reads the environment, as its name says' },
  'packages/llm/src/entry.ts': {
    allows: ['process.env'],
    reason: 'the conditions that this process resolves packages with',
  },
}

/** A provider's factory may take the default of its key from the environment. */
const factory: Rim = { allows: ['process.env'], reason: 'the default of the key' }

/** Time, chance, network and environment come in from outside, so that everything runs under a simulated world. */
export function forbiddenGlobals({ sources }: House): readonly Finding[] {
  return sources.filter(isInside).flatMap((source) => {
    const allows = (rims[source.path] ?? (isFactory(source) ? factory : undefined))?.allows ?? []
    return globals
      .filter(({ name }) => !allows.includes(name))
      .flatMap(({ name, pattern, instead }) =>
        [...source.code.matchAll(pattern)].map((match) => ({
          path: source.path,
          line: lineAt(source.code, match.index),
          message: `${name}: ${instead}, or name the file as a rim in packages/tools/src/tidy/globals.ts with a reason`,
        })),
      )
  })
}

/** The emulator is a program of its own, driven by real time and real sockets. */
function isInside({ part, pkg }: Source): boolean {
  return part === 'src' && pkg.manifest.private !== true && pkg.folder !== 'emulator'
}

function isFactory({ path, pkg }: Source): boolean {
  return pkg.manifest.wayfare?.provider === true && path === `${pkg.dir}/src/provider.ts`
}
