import { anonymousPrincipal, runSimulation, type Simulation } from '@cloud-copilot/iam-simulate'
import { decide, loadPolicy, type Policy, type PolicyKind } from '../../lib/local/policy.ts'
import { ARNS, accountOf, type Cell, COURIER, type Outcome, type Target } from './cell.ts'
import type { Documents } from './documents.ts'

/** Our evaluator, over these policies. */
export function ourDecisions(documents: Documents): (cell: Cell) => Outcome {
  const kindOf = (name: string): PolicyKind =>
    name === 'trust' ? 'trust' : isTarget(name) ? 'key' : 'identity'
  const entries = Object.entries(documents)
  const policies = new Map(entries.map(([name, text]) => [name, loadPolicy(kindOf(name), text)]))
  const policy = (name: string): Policy => policies.get(name) ?? []
  return ({ actor, on, action, facts }) => {
    const { arn, role, federated, tags } = actor
    const principal = {
      arn,
      ...(role === undefined ? {} : { role }),
      ...(federated === undefined ? {} : { federated }),
      ...(tags === undefined ? {} : { tags }),
    }
    const resource = ARNS[on]
    const request = { principal, action, resource, account: accountOf(resource), context: facts }
    const decision = decide(request, actor.policies.map(policy), policy(on))
    if (decision === 'allowed') return 'allowed'
    return decision === 'explicit-deny' ? 'denied' : 'silent'
  }
}

const isTarget = (name: string): name is Target => Object.hasOwn(ARNS, name)

const OUTCOMES: Readonly<Record<string, Outcome>> = {
  Allowed: 'allowed',
  ExplicitlyDenied: 'denied',
  ImplicitlyDenied: 'silent',
}

/**
 * The independent evaluator, over the same policies. It knows neither `kms:EncryptionContext:` nor the
 * keys of a provider of one's own and drops both in silence, so they go under names of `aws:RequestTag/`,
 * which is case-blind in the same way.
 *
 * @throws {Error} when it does not take a policy or a request, or drops a condition key.
 */
export function theirDecisions(documents: Documents): (cell: Cell) => Promise<Outcome> {
  const renamed: Readonly<Record<string, unknown>> = JSON.parse(rename(JSON.stringify(documents)))
  return async cell => {
    const { actor, on, action } = cell
    const simulation: Simulation = {
      request: {
        principal: actor.federated ?? (actor.arn === '' ? anonymousPrincipal : actor.arn),
        action,
        resource: { resource: ARNS[on], accountId: accountOf(ARNS[on]) },
        contextVariables: variables(cell),
      },
      identityPolicies: actor.policies.map(name => ({ name, policy: renamed[name] })),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy: renamed[on],
    }
    const answer = await runSimulation(simulation, {})
    if (answer.resultType !== 'single')
      throw new Error(`iam-simulate: ${JSON.stringify(answer)}: ${cell.about}`)
    const ignored = answer.result.ignoredContextKeys
    const outcome = OUTCOMES[answer.overallResult]
    if (ignored?.length !== 0 || outcome === undefined)
      throw new Error(`iam-simulate dropped ${ignored}: ${cell.about}`)
    return outcome
  }
}

function rename(text: string): string {
  return text
    .replace(/kms:EncryptionContext:/gi, 'aws:RequestTag/kmsctx-')
    .replaceAll(`${COURIER.issuer}:aud`, 'aws:RequestTag/oidc-aud')
}

/** What AWS itself says of the caller, and the facts of the request. */
function variables({ actor, facts }: Cell): Record<string, string | string[]> {
  const { arn, role, tags = {} } = actor
  const all: Record<string, string | string[]> = {}
  if (arn !== '') {
    all['aws:PrincipalArn'] = role ?? arn
    all['aws:PrincipalAccount'] = accountOf(arn)
  }
  for (const [name, value] of Object.entries(tags)) all[`aws:PrincipalTag/${name}`] = value
  for (const [name, value] of Object.entries(facts))
    all[rename(name)] = typeof value === 'string' ? value : [...value]
  return all
}
