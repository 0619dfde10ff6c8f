const details = {
  format: 'gguf',
  family: 'qwen3',
  families: ['qwen3'],
  parameter_size: '8.2B',
  quantization_level: 'Q4_K_M',
}
const capabilities = ['completion', 'tools', 'thinking']

/** What `GET /api/tags` answers. */
export const modelList: object = {
  models: ['qwen3:8b', 'llama3.2:3b'].map((name) => ({
    name,
    model: name,
    modified_at: '2026-10-01T00:00:00Z',
    size: 5_200_000_000,
    digest: '0'.repeat(64),
    details,
    capabilities,
  })),
}

/** What `POST /api/show` answers, for any model. */
export const modelCard: object = {
  details,
  capabilities,
  modified_at: '2026-10-01T00:00:00Z',
  model_info: { 'general.architecture': 'qwen3', 'qwen3.context_length': 40_960 },
}

/** What a chat without messages answers. */
export function loaded(model: string): object {
  return {
    model,
    created_at: '2026-11-01T00:00:00Z',
    message: { role: 'assistant', content: '' },
    done_reason: 'load',
    done: true,
  }
}
