import type { Clock } from '@wayfare/core'

/** What the transport needs of time. */
export type TransportClock = Pick<Clock, 'now' | 'date' | 'timer'>
