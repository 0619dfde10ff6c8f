import type { Disk, Tail } from '../../src/journal/disk.ts'

/** A disk in memory, which dies or is full when told. */
export class FakeDisk implements Disk {
  files = new Map<string, Buffer>()
  /** Bytes that it still takes; then it is full. */
  room = Infinity
  /** Bytes after which the process is gone: what is written is there, and no answer comes any more. */
  life = Infinity

  async read(path: string): Promise<Buffer | undefined> {
    return this.files.get(path)
  }

  async replace(path: string, text: string): Promise<Tail> {
    await this.#take(`${path}.next`, text)
    this.files.set(path, this.files.get(`${path}.next`) ?? Buffer.alloc(0))
    this.files.delete(`${path}.next`)
    return { append: (more) => this.#take(path, more), close: async () => {} }
  }

  async #take(path: string, text: string): Promise<void> {
    const bytes = Buffer.from(text)
    const taken = Math.min(bytes.length, this.room, this.life)
    this.files.set(path, Buffer.concat([this.files.get(path) ?? Buffer.alloc(0), bytes.subarray(0, taken)]))
    this.room -= taken
    this.life -= taken
    if (this.life === 0) await new Promise(() => {})
    if (taken < bytes.length) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
    await Promise.resolve()
  }
}
