import { LLMError, type FilePart } from '@wayfare/core'
import { base64Of } from '@wayfare/provider-kit'
import type { WireItem } from './wire.ts'

/** A file as a piece of input. Throws `unsupported` for audio and video. */
export function inputFile(file: FilePart, provider: string): WireItem {
  const { mediaType, filename } = file
  if (/^(audio|video)\//.test(mediaType)) throw unsupported(mediaType, provider)
  if (mediaType.startsWith('image/')) return { type: 'input_image', image_url: address(file) }
  // A file by its address has its name there.
  if (file.url !== undefined) return { type: 'input_file', file_url: String(file.url) }
  return { type: 'input_file', filename: filename ?? nameOf(mediaType), file_data: address(file) }
}

function address(file: FilePart): string {
  return file.url === undefined ? `data:${file.mediaType};base64,${base64Of(file.data)}` : String(file.url)
}

/** The API tells kinds of files by the ends of their names. */
function nameOf(mediaType: string): string {
  return `document.${endings.get(mediaType) ?? mediaType.slice(mediaType.lastIndexOf('/') + 1).replace(/\W+/g, '-')}`
}

const endings: ReadonlyMap<string, string> = new Map([
  ['text/plain', 'txt'],
  ['text/markdown', 'md'],
  ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'docx'],
  ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'xlsx'],
  ['application/vnd.openxmlformats-officedocument.presentationml.presentation', 'pptx'],
])

function unsupported(mediaType: string, provider: string): LLMError {
  const audio = mediaType.startsWith('audio/') ? "; for audio make the provider with api: 'chat'" : ''
  return new LLMError('unsupported', `${mediaType} cannot be sent to the Responses API${audio}`, { provider })
}
