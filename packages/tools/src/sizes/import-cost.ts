import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { child } from '../child.ts'

/** Where undici takes 60 ms this is 21 ms, and 8 ms would be 0.13. Node 20 takes the longest: 0.26 there, 0.17 in Node 24. */
export const maxImportRatio = 0.35

/**
 * CPU time of the import of built packages, in that of undici: the median of nine new processes, each of which imports both.
 * It depends little on the machine, and hardly on what else runs there.
 */
export async function importRatio(packages: readonly string[], folder: string): Promise<number> {
  const ratios: number[] = []
  for (let run = 0; run < 9; run++) ratios.push(await oneRatio(packages, folder))
  return ratios.toSorted((a, b) => a - b)[4]!
}

async function oneRatio(packages: readonly string[], folder: string): Promise<number> {
  const undici = pathToFileURL(createRequire(join(folder, 'x.js')).resolve('undici')).href
  const program = `
    const cost = async (names) => {
      const before = process.cpuUsage()
      for (const name of names) await import(name)
      const { user, system } = process.cpuUsage(before)
      return user + system
    }
    await import('data:text/javascript,') // the loader itself
    console.log(await cost(${JSON.stringify(packages)}) / await cost(${JSON.stringify([undici])}))`
  const { code, output } = await child(process.execPath, ['--input-type=module', '-e', program], { cwd: folder })
  if (code !== 0) throw new Error(`the built packages cannot be imported:\n${output}`)
  return Number(output)
}
