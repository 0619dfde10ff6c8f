interface Model {
  readonly id: string
  readonly name: string
  readonly context: number
  readonly output: number
  /** USD per token, as the vendor writes it. */
  readonly pricing: Readonly<Record<string, string>>
}

const models: readonly Model[] = [
  {
    id: 'anthropic/claude-sonnet-5',
    name: 'Anthropic: Claude Sonnet 5',
    context: 1_000_000,
    output: 128_000,
    pricing: {
      prompt: '0.000003',
      completion: '0.000015',
      input_cache_read: '0.0000003',
      input_cache_write: '0.00000375',
    },
  },
  {
    id: 'openai/gpt-5-mini',
    name: 'OpenAI: GPT-5 Mini',
    context: 400_000,
    output: 128_000,
    pricing: { prompt: '0.00000025', completion: '0.000002', input_cache_read: '0.000000025' },
  },
  {
    id: 'meta-llama/llama-4-maverick:free',
    name: 'Meta: Llama 4 Maverick (free)',
    context: 128_000,
    output: 4_096,
    pricing: { prompt: '0', completion: '0' },
  },
  {
    id: 'openrouter/auto',
    name: 'Auto Router',
    context: 2_000_000,
    output: 0,
    pricing: { prompt: '-1', completion: '-1' },
  },
]

/** What `GET /models` answers. */
export const modelList: object = {
  data: models.map(({ id, name, context, output, pricing }) => ({
    id,
    canonical_slug: id,
    name,
    created: 1_780_000_000,
    description: `${name}, in the emulator`,
    context_length: context,
    architecture: { modality: 'text+image->text', input_modalities: ['text', 'image'], output_modalities: ['text'] },
    pricing,
    top_provider: { context_length: context, max_completion_tokens: output || null, is_moderated: false },
    supported_parameters: ['max_tokens', 'temperature', 'tools', 'tool_choice', 'reasoning', 'structured_outputs'],
  })),
}
