import { startEmulator } from '@wayfare/emulator'
import { createLLM, fromEnv } from '@wayfare/llm'
import type { LLM, Provider } from '@wayfare/llm'
import { ollama } from '@wayfare/ollama'
import type { Screen } from './screen.ts'
import { emulated, mini, sonnet } from './stage.ts'

/** What to ask of each vendor when nobody says. */
const usual: { readonly [provider: string]: string } = {
  anthropic: 'claude-sonnet-5',
  google: 'gemini-3.5-flash',
  openai: 'gpt-5.4-mini',
  openrouter: 'openai/gpt-5.4-mini',
}

/** Lends an LLM over the providers that have a key here, else over a local Ollama, else over the emulator. */
export async function withProviders(
  screen: Screen,
  model: string | undefined,
  use: (llm: LLM) => Promise<void>,
): Promise<void> {
  const found = (await fromKeys(model)) ?? (await fromOllama(model))
  if (found !== undefined) {
    await use(found)
    await found.close()
    return
  }
  screen.line(screen.dim('no key is set and no Ollama answers on this machine: talking to the emulator'))
  await using emulator = await startEmulator()
  for (const wire of ['anthropic', 'openai', 'google'] as const) {
    emulator.answer(wire, (request) => ({
      text: `I am an emulator, playing ${request.model ?? 'a model'}. Set a key to hear from the real one.`,
      paceMs: 20,
    }))
  }
  const llm = createLLM({ providers: emulated(emulator), model: model ?? sonnet, fallbacks: [mini] })
  await use(llm)
  await llm.close()
}

async function fromKeys(model: string | undefined): Promise<LLM | undefined> {
  const keys = ['ANTHROPIC_API_KEY', 'GEMINI_API_KEY', 'OPENAI_API_KEY', 'OPENROUTER_API_KEY']
  const ready = Object.keys(usual).filter((_, index) => (process.env[keys[index]!] ?? '') !== '')
  const [first, ...others] = ready.map((provider) => `${provider}/${usual[provider]!}`)
  if (first === undefined) return undefined
  return fromEnv({ from: import.meta.dirname, model: model ?? first, fallbacks: others })
}

async function fromOllama(model: string | undefined): Promise<LLM | undefined> {
  const provider: Provider = ollama()
  try {
    const signal = AbortSignal.timeout(1_000)
    const first = model ?? `ollama/${(await provider.models?.({ signal }))?.[0]?.id ?? ''}`
    return first === 'ollama/' ? undefined : createLLM({ providers: [provider], model: first })
  } catch {
    return undefined
  }
}
