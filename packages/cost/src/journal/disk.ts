import { open, readFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/** A file that grows at its end. */
export interface Tail {
  /** Resolves when the text is on the disk, also if the power fails. */
  append(text: string): Promise<void>
  close(): Promise<void>
}

/** What a journal does to the disk. */
export interface Disk {
  /** Undefined: there is no such file. */
  read(path: string): Promise<Buffer | undefined>
  /** Puts a new file in the place of the old one, whole or not at all. */
  replace(path: string, text: string): Promise<Tail>
}

export const disk: Disk = {
  async read(path) {
    try {
      return await readFile(path)
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined // node:fs throws these
      throw thrown
    }
  },
  async replace(path, text) {
    const next = `${path}.next`
    await rm(next, { force: true })
    const file = await open(next, 'wx', 0o600)
    try {
      await file.writeFile(text)
      await file.sync()
      await rename(next, path)
      await syncFolder(dirname(path))
    } catch (thrown) {
      await file.close()
      throw thrown
    }
    return tailOf(file, Buffer.byteLength(text))
  },
}

type File = Awaited<ReturnType<typeof open>>

function tailOf(file: File, size: number): Tail {
  let end = size
  return {
    async append(text) {
      const bytes = Buffer.from(text)
      for (let written = 0; written < bytes.length;) {
        const { bytesWritten } = await file.write(bytes, written, bytes.length - written, end + written)
        written += bytesWritten
      }
      end += bytes.length
      await file.datasync()
    },
    close: () => file.close(),
  }
}

/** A rename is durable once its folder is; where folders cannot be opened, the system sees to it. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
