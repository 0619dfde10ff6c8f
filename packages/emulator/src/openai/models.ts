/** What `GET /v1/models` answers. */
export const modelList: object = {
  object: 'list',
  data: ['gpt-5.6', 'gpt-5-mini', 'gpt-4.1', 'gpt-4o-mini'].map((id) => ({
    id,
    object: 'model',
    created: 1_780_000_000,
    owned_by: 'openai',
  })),
}
