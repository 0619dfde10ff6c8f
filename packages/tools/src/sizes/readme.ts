/** The row of a package in the README: up to its last cell, and that. */
const row = /^(\| \[`(@wayfare\/[a-z-]+)`\].*\|)([^|]*)\|$/gm

/** The README with these sizes in its table of packages, in bytes by name; one that is still true to the kilobyte stays. */
export function withSizes(readme: string, sizes: ReadonlyMap<string, number>): string {
  return readme.replaceAll(row, (line, before: string, name: string, cell: string) => {
    const bytes = sizes.get(name)
    if (bytes === undefined) return line
    const kilobytes = bytes / 1_024
    const written = Number.parseInt(cell, 10)
    // Not at every byte that comes or goes, nor for another zlib.
    if (Math.abs(written - kilobytes) <= 0.75) return line
    return `${before} ${`${Math.round(kilobytes)} KB`.padEnd(cell.length - 2)} |`
  })
}
