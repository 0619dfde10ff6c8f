import { LLMError } from '@wayfare/core'
import type { buildConnector, Client } from 'undici'

/** What the transport uses of undici. */
export interface Undici {
  readonly Client: typeof Client
  readonly buildConnector: typeof buildConnector
}

/** How undici is imported: the files that hold what is used, or all of it. */
export interface UndiciImports {
  /** Undefined where a bundler took what is CommonJS for a module. */
  parts(): Promise<{ readonly [name in keyof Undici]?: unknown } | undefined>
  whole(): Promise<Undici>
}

/** By `default`, because a bundler that splits its output knows of no other export of CommonJS. */
export const installed: UndiciImports = {
  // @ts-expect-error undici has types for the whole only
  parts: async () => (await import('./undici.cjs')).default,
  whole: async () => (await import('undici')).default,
}

/**
 * Loads the parts, for which undici promises nothing: where they are not what was expected, all of it is loaded. Throws
 * `config` when nothing can be: undici is CommonJS, which not every bundle of modules can run.
 */
export async function loadUndici(imports: UndiciImports = installed): Promise<Undici> {
  try {
    const { Client, buildConnector } = (await imports.parts()) ?? {}
    // Both are what the whole hands out by these names, with these types.
    if (typeof Client === 'function' && typeof buildConnector === 'function')
      return { Client, buildConnector } as Undici
    return await imports.whole()
  } catch (cause) {
    throw new LLMError('config', `no undici (${String(cause)}); do not bundle it, or pass fetch`, { cause })
  }
}
