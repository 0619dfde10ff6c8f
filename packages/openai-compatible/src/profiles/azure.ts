import { LLMError, type Provider } from '@wayfare/core'
import { errorMessage, type ErrorReader, type VendorOptions } from '@wayfare/provider-kit'
import type { Dialect } from '../dialect.ts'
import { errorCode } from '../error.ts'
import { untilReset } from '../limit-reset.ts'
import { dialectProvider } from '../provider.ts'

export interface AzureProviderOptions extends VendorOptions {
  /** The resource's name, the first word of its address. Needed unless `baseURL` is given. */
  readonly resource?: string | undefined
  /**
   * Addresses deployments by their own paths, as resources did before the v1 interface: `2024-10-21`. With it a `baseURL` ends
   * in `/openai`, without it in `/openai/v1`.
   */
  readonly apiVersion?: string | undefined
  /** Makes Entra ID tokens; used instead of a key. */
  readonly token?: (() => string | Promise<string>) | undefined
}

/**
 * Azure OpenAI, where a model is the name of a deployment. The key is `AZURE_OPENAI_API_KEY` unless given, read at the first
 * request. `models()` lists what the resource could deploy. Throws `config` without a resource.
 *
 * @example
 * ```ts
 * import { Router } from '@wayfare/core'
 * import { azure } from '@wayfare/openai-compatible/azure'
 * const router = new Router({ providers: [azure({ resource: 'my-resource' })], model: 'azure/my-deployment' })
 * ```
 */
export function azure({ resource, apiVersion, token, ...options }: AzureProviderOptions): Provider {
  const baseURL = options.baseURL ?? addressOf(resource, apiVersion)
  return dialectProvider(
    {
      ...dialect,
      baseURL,
      ...(token !== undefined && { authorize: undefined }),
      ...(apiVersion !== undefined && byDeployment(apiVersion)),
    },
    { ...options, baseURL, apiKey: token ?? options.apiKey },
  )
}

/** What Azure takes beyond Wayfare's own options; sent as it stands. */
export interface AzureOptions {
  readonly [key: string]: unknown
  readonly data_sources?: readonly { readonly type: string; readonly [key: string]: unknown }[] | undefined
  readonly parallel_tool_calls?: boolean | undefined
  readonly user?: string | undefined
}

const dialect: Dialect = {
  vendor: 'azure',
  baseURL: '',
  keyVariable: 'AZURE_OPENAI_API_KEY',
  authorize: (key) => ({ 'api-key': key }),
  maxTokensField: 'max_completion_tokens',
  asksForUsage: true,
  // Chat completions have no place for it.
  replayReasoning: () => ({}),
  requestIdHeader: 'apim-request-id',
  readError,
  traits: () => ({ stopsOnAbort: true }),
}

function addressOf(resource: string | undefined, apiVersion: string | undefined): string {
  if (resource === undefined || !/^[a-z\d][a-z\d-]*$/i.test(resource)) {
    const message = 'azure needs the name of a resource (letters, digits and hyphens); pass resource or baseURL'
    throw new LLMError('config', message, { provider: 'azure' })
  }
  return `https://${resource}.openai.azure.com/openai${apiVersion === undefined ? '/v1' : ''}`
}

function byDeployment(apiVersion: string): Pick<Dialect, 'chatPath' | 'modelsPath'> {
  const version = `api-version=${encodeURIComponent(apiVersion)}`
  return {
    chatPath: (model) => `deployments/${encodeURIComponent(model)}/chat/completions?${version}`,
    modelsPath: `models?${version}`,
  }
}

function readError(answer: Parameters<ErrorReader>[0]): ReturnType<ErrorReader> {
  const { status, body } = answer
  // A missing deployment says so; this is a wrong address.
  if (status === 404 && errorCode(body) === '404' && /resource not found/i.test(errorMessage(body) ?? '')) {
    return { kind: 'config', message: 'has nothing at this address (404); check resource, baseURL and apiVersion' }
  }
  return untilReset(answer, ['requests', 'tokens'])
}

declare module '@wayfare/core' {
  interface ProviderOptions {
    readonly azure?: AzureOptions | undefined
  }
}
