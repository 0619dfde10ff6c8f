import type { Sample } from '@wayfare/provider-kit/testing'

/** Samples as a source file of their provider's tests. */
export function source(samples: ReadonlyMap<string, Sample>, provider: string, model: string): string {
  const rows = [...samples].map(([name, sample]) => `  ${name}: ${JSON.stringify(sample, null, 2)},`)
  return `import type { Sample } from '@wayfare/provider-kit/testing'

/**
 * Recorded from ${provider} with the model ${model} by \`pnpm record\`, without keys and ids of the account. Where an answer
 * says something else than its scenario wants, give it an \`expect\`.
 */
export const recorded: { readonly [scenario: string]: Sample } = {
${rows.join('\n')}
}
`
}
