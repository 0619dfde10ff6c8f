import { LLMError } from '@wayfare/core'
import { z } from 'zod'

const names = z.record(z.string(), z.string()).default({})

const Manifest = z.object({
  dependencies: names,
  devDependencies: names,
  exports: z.unknown().optional(),
  wayfare: z.object({ provider: z.literal(true), env: z.array(z.string().min(1)).min(1) }).optional(),
})

export interface ReadManifest {
  /** Names of what is installed, sorted. */
  readonly dependencies: readonly string[]
  /** Present when the package calls itself a provider. */
  readonly provider?: { readonly env: readonly string[] }
  /** As it stands there. */
  readonly exports: unknown
}

/** Reads the few fields of a package.json that matter here. */
export function readManifest(text: string, file: string): ReadManifest {
  const parsed = Manifest.safeParse(parse(text, file))
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
    throw new LLMError('config', `${file}: ${issue.path.join('.')}: ${issue.message}`)
  }
  const { dependencies, devDependencies, exports, wayfare } = parsed.data
  return {
    dependencies: Object.keys({ ...dependencies, ...devDependencies }).toSorted(),
    exports,
    ...(wayfare !== undefined && { provider: { env: wayfare.env } }),
  }
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new LLMError('config', `${file} is not valid JSON`)
  }
}
