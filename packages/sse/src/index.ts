export type { EventForm, SSEEvent, SSEOptions } from './event.ts'
export { SSEError } from './error.ts'
export { SSEParser } from './parser.ts'
export { scan } from './scan.ts'
