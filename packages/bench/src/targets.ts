/** The targets, in the order in which they run. */
export interface TargetEntry {
  readonly name: string
  readonly title: string
  /** Of its program. */
  readonly file: string
  /** Whether it also runs on the Node that runs the bench: those without peers that need a newer one. */
  readonly anyNode: boolean
}

export const targets: readonly TargetEntry[] = [
  { name: 'P1', title: 'finding events in bytes', file: 'p1-scan', anyNode: true },
  { name: 'P2', title: 'from bytes to text', file: 'p2-decode', anyNode: true },
]
