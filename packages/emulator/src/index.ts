export { startEmulator } from './emulator.ts'
export type { Emulator, EmulatorOptions } from './emulator.ts'
export type { EmulatedRequest, Replier } from './request.ts'
export type {
  Answer,
  Failure,
  FailureName,
  Fault,
  Finish,
  Raw,
  RawStep,
  Reply,
  ScriptedBody,
  ScriptedToolCall,
  ScriptedUsage,
  WireName,
} from './reply.ts'
