import { LLMError, type FilePart } from '@wayfare/core'
import { base64Of } from '@wayfare/provider-kit'

/** A file as a content part. Throws `unsupported` for what chat completions cannot hold. */
export function filePart(file: FilePart, rules: { vendor: string; fileURLs: boolean }): Record<string, unknown> {
  const { mediaType } = file
  if (mediaType.startsWith('image/')) return { type: 'image_url', image_url: { url: address(file) } }
  const audio = audioFormats.get(mediaType)
  if (audio !== undefined && file.data !== undefined) {
    return { type: 'input_audio', input_audio: { data: base64Of(file.data), format: audio } }
  }
  if (mediaType === 'application/pdf' && (file.data !== undefined || rules.fileURLs)) {
    return { type: 'file', file: { filename: file.filename ?? 'document.pdf', file_data: address(file) } }
  }
  const how = file.url === undefined ? '' : ' by URL'
  throw new LLMError(
    'unsupported',
    `${rules.vendor} takes no ${mediaType} files${how}; send text, images or PDF data`,
    {
      provider: rules.vendor,
    },
  )
}

const audioFormats: ReadonlyMap<string, string> = new Map([
  ['audio/wav', 'wav'],
  ['audio/x-wav', 'wav'],
  ['audio/mpeg', 'mp3'],
  ['audio/mp3', 'mp3'],
])

function address(file: FilePart): string {
  return file.url === undefined ? `data:${file.mediaType};base64,${base64Of(file.data)}` : String(file.url)
}
