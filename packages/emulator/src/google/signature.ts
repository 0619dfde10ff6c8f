import { sign } from '../signature.ts'

/** Every signature that this wire hands out begins so. */
export const signaturePrefix = 'CiQBgoogle'

/** Texts that the vendor takes in place of a signature, for calls that another model made. */
export const standIns: readonly string[] = ['skip_thought_signature_validator', 'context_engineering_is_the_way_to_go']

export function callSignature(name: unknown, args: unknown): string {
  return sign(signaturePrefix, { name, args: args ?? {} })
}

export function textSignature(text: string): string {
  return sign(signaturePrefix, text)
}

/** Whether a model signs its calls and wants the signatures back: Gemini 3 and later. */
export function signsCalls(model: string): boolean {
  return Number(/^gemini-(\d+)/.exec(model)?.[1] ?? 0) >= 3
}
