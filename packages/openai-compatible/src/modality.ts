import type { ModelInfo } from '@wayfare/core'

/** What a model reads, by the names in which vendors list it. Absent when there is no list. */
export function inputOf(names: unknown): Pick<ModelInfo, 'input'> {
  if (!Array.isArray(names)) return {}
  return { input: names.flatMap((name: unknown) => modality(name)) }
}

function modality(name: unknown): NonNullable<ModelInfo['input']> {
  if (name === 'file') return ['pdf']
  return name === 'text' || name === 'image' || name === 'audio' || name === 'video' || name === 'pdf' ? [name] : []
}
