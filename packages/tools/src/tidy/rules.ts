import { cycles } from './cycles.ts'
import { files, shape } from './files.ts'
import { forbiddenGlobals } from './globals.ts'
import type { Rule } from './house.ts'
import { layers } from './layers.ts'
import { manifests } from './manifests.ts'
import { namedPaths } from './paths.ts'
import { topLevel } from './top-level.ts'
import { vendors } from './vendors.ts'
import { forbiddenWords } from './words.ts'

/** The rules of the house that a linter cannot check. */
export const rules: readonly Rule[] = [
  layers,
  cycles,
  files,
  shape,
  vendors,
  forbiddenGlobals,
  forbiddenWords,
  topLevel,
  namedPaths,
  manifests,
]
