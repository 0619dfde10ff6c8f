import { parse } from 'yaml'

interface Step {
  readonly uses?: string
  readonly run?: string
  readonly with?: Readonly<Record<string, unknown>>
}

interface Job {
  readonly permissions?: unknown
  readonly environment?: unknown
  readonly steps?: readonly Step[]
}

interface Workflow {
  readonly on?: unknown
  readonly permissions?: unknown
  readonly jobs?: Readonly<Record<string, Job>>
}

/** What a workflow may do that it should not. `text` is the YAML of one file. */
export function workflowProblems(text: string): readonly string[] {
  // The form that GitHub documents; absent parts are looked for below.
  const workflow = parse(text) as Workflow
  return [
    ...(isEmpty(workflow.permissions) ? [] : ['write `permissions: {}` at the top; each job names what it needs']),
    ...(/pull_request_target/.test(text)
      ? ['pull_request_target runs strangers’ code with our rights: use pull_request']
      : []),
    ...(/NPM_TOKEN|NODE_AUTH_TOKEN/.test(text)
      ? ['a registry token: publish through the registry’s trust in the workflow']
      : []),
    ...secrets(text),
    ...Object.entries(workflow.jobs ?? {}).flatMap(([name, job]) =>
      jobProblems(job).map((problem) => `${name}: ${problem}`),
    ),
  ]
}

function jobProblems(job: Job): readonly string[] {
  const steps = job.steps ?? []
  return [
    ...(job.permissions === undefined ? ['name its permissions'] : []),
    ...(JSON.stringify(job.permissions ?? '').includes('write-all')
      ? ['write-all gives everything: name what it needs']
      : []),
    ...steps.flatMap(({ uses = '' }) => pinned(uses)),
    ...steps.flatMap((step) => checkout(step)),
    ...steps.flatMap(({ run = '' }) => injected(run)),
    ...publisher(job, steps),
  ]
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}

function secrets(text: string): readonly string[] {
  return [...text.matchAll(/\bsecrets\.(\w+)/g)].map(
    (match) => `secrets.${match[1]}: a stored secret can be stolen; use github.token or the identity of the job`,
  )
}

function pinned(uses: string): readonly string[] {
  if (uses === '' || uses.startsWith('./') || /@[0-9a-f]{40}$/.test(uses)) return []
  return [`${uses} can change under us: pin the commit, with the version in a comment`]
}

function checkout({ uses = '', with: inputs = {} }: Step): readonly string[] {
  if (!uses.startsWith('actions/checkout@') || inputs['persist-credentials'] === false) return []
  return ['checkout leaves its token behind: add persist-credentials: false']
}

function injected(run: string): readonly string[] {
  const found = /\$\{\{\s*github\.(?:event\.|head_ref)[^}]*\}\}/.exec(run)
  return found ? [`${found[0]} becomes part of the script: pass it through env`] : []
}

/** Who may publish does nothing else, and only after a person agreed. */
function publisher(job: Job, steps: readonly Step[]): readonly string[] {
  if (!JSON.stringify(job.permissions ?? '').includes('"id-token":"write"')) return []
  const foreign = steps.map(({ uses = '' }) => uses).filter((uses) => uses !== '' && !/^(?:actions\/|\.\/)/.test(uses))
  return [
    ...(job.environment === undefined ? ['id-token: write needs a protected environment'] : []),
    ...foreign.map((uses) => `${uses} runs beside the right to publish: give it a job of its own`),
  ]
}
