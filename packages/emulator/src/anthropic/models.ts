const models = [
  { id: 'claude-opus-5-5', name: 'Claude Opus 5.5', input: 1_000_000, output: 128_000 },
  { id: 'claude-sonnet-5', name: 'Claude Sonnet 5', input: 1_000_000, output: 128_000 },
  { id: 'claude-haiku-4-5', name: 'Claude Haiku 4.5', input: 200_000, output: 64_000 },
]

/** What `GET /v1/models` answers. */
export const modelList: object = {
  data: models.map(({ id, name, input, output }) => ({
    type: 'model',
    id,
    display_name: name,
    created_at: '2026-06-01T00:00:00Z',
    max_input_tokens: input,
    max_tokens: output,
    capabilities: {
      thinking: { supported: true, types: { adaptive: { supported: true } } },
      structured_outputs: { supported: true },
      image_input: { supported: true },
      pdf_input: { supported: true },
    },
  })),
  has_more: false,
  first_id: models[0]?.id,
  last_id: models.at(-1)?.id,
}
