/** One line of the table: what was measured, side by side. */
export interface Row {
  readonly title: string
  readonly unit: string
  /** By who was measured; the medians of all rounds. `ours` is Wayfare's. */
  readonly figures: Readonly<Record<string, number>>
  readonly goals: readonly Goal[]
  /** Who does the least, and nothing of what ours is for: a goal that this one misses, too, is out of reach on the machine. */
  readonly least?: string
}

/** What a figure shall be. */
export interface Goal {
  /** Whose figure; default `ours`. */
  readonly of?: string
  /** `ratio` times this one's figure; absent: `atMost` is a figure of its own. */
  readonly to?: string
  readonly atMost: number
}

export interface Outcome {
  readonly row: Row
  readonly goal: Goal
  readonly value: number
  /** The same of who does the least. */
  readonly least?: number
  readonly fate: 'met' | 'missed' | 'out of reach'
}

/** What one target measured, on one Node. */
export interface Report {
  readonly name: string
  readonly node: string
  readonly rows: readonly Row[]
  /** Facts beside the figures, in sentences. */
  readonly notes: readonly string[]
}

/** Every goal whose figures were measured. */
export function outcomes(rows: readonly Row[]): readonly Outcome[] {
  return rows.flatMap((row) =>
    row.goals.flatMap((goal): readonly Outcome[] => {
      const own = row.figures[goal.of ?? 'ours']
      const other = goal.to === undefined ? 1 : row.figures[goal.to]
      if (own === undefined || other === undefined) return []
      const value = own / other
      const bare = row.least === undefined ? undefined : row.figures[row.least]
      if (bare === undefined) return [{ row, goal, value, fate: value <= goal.atMost ? 'met' : 'missed' }]
      const least = bare / other
      const fate = value <= goal.atMost ? 'met' : least <= goal.atMost ? 'missed' : 'out of reach'
      return [{ row, goal, value, least, fate }]
    }),
  )
}
