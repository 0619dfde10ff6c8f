import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Of the repository. */
export const root: string = fileURLToPath(new URL('../../..', import.meta.url)).replace(/[\\/]$/, '')
/** What is compared with: a folder with a node_modules of its own. */
export const peersFolder: string = join(root, 'packages/bench/peers')
/** Where the programs of a run are put, beside copies of the built packages. */
export const outFolder: string = join(root, 'packages/bench/dist')
export const pageFile: string = join(root, 'apps/docs/performance.md')
