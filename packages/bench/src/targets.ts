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
  { name: 'P3', title: 'a stream, many chunks in each read', file: 'p3-burst', anyNode: false },
  { name: 'P4', title: 'sixty streams, one chunk in each read', file: 'p4-paced', anyNode: false },
  { name: 'P5', title: 'calls that are not streamed', file: 'p5-complete', anyNode: false },
  { name: 'P6', title: 'what the router adds', file: 'p6-router', anyNode: true },
  { name: 'P7', title: 'memory of open streams', file: 'p7-memory', anyNode: false },
  { name: 'P8', title: 'size and start', file: 'p8-start', anyNode: false },
  { name: 'P9', title: 'prices and limits', file: 'p9-money', anyNode: true },
  { name: 'P10', title: 'growth', file: 'p10-growth', anyNode: false },
]
