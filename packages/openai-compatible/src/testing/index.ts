export { chatSamples } from './samples.ts'
export type { ChatSampleOptions } from './samples.ts'
export { chatStream, chunk } from './stream.ts'
