import { runSimulation } from '@cloud-copilot/iam-simulate'
import type { Policy, Principal, Thing } from './world.ts'

/** What is allowed, said nothing of, or denied (which beats whatever is allowed later). */
export type Outcome = 'yes' | '-' | 'no'

/** Condition keys of a request: `{'dynamodb:LeadingKeys': ['key#1']}`. */
export type Facts = Readonly<Record<string, string | readonly string[]>>

const OUTCOMES: Readonly<Record<string, Outcome>> = {
  Allowed: 'yes',
  ExplicitlyDenied: 'no',
  ImplicitlyDenied: '-',
}

/**
 * What IAM says, told by an independent evaluator (`prove/policies` holds it to ours). An action that
 * is on no resource in particular is asked for on `*`.
 *
 * @param strict every fact must be one that the action knows
 * @throws {Error} when it does not take a policy or a request
 */
export async function decide(
  who: Principal,
  action: string,
  thing: Thing | { readonly arn: '*'; readonly account: string },
  facts: Facts,
  strict = true,
): Promise<Outcome> {
  const { arn, policies } = who
  const resourcePolicy =
    'policy' in thing && thing.policy !== undefined ? renamed(thing.policy) : undefined
  const answer = await runSimulation(
    {
      request: {
        principal: arn,
        action,
        resource: { resource: thing.arn, accountId: thing.account },
        contextVariables: variablesOf(who, facts),
      },
      identityPolicies: policies.map((policy, i) => ({
        name: `policy ${i}`,
        policy: renamed(policy),
      })),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy,
    },
    {},
  )
  const about = `${arn} ${action} ${thing.arn}`
  if (answer.resultType !== 'single') throw new Error(`${JSON.stringify(answer)}: ${about}`)
  const outcome = OUTCOMES[answer.overallResult]
  const ignored = (answer.result.ignoredContextKeys ?? []).filter(name => !ALWAYS.test(name))
  if (outcome === undefined || (strict && ignored.length > 0))
    throw new Error(`dropped ${ignored}: ${about}`)
  return outcome
}

/** What AWS says of every caller, whether an action looks at it or not. */
const ALWAYS = /^aws:(Principal(Arn|Account|Tag\/.*)|SecureTransport)$/i

function variablesOf({ arn, account, tags }: Principal, facts: Facts) {
  const all: Record<string, string | string[]> = {
    'aws:PrincipalArn': arn,
    'aws:PrincipalAccount': account,
    'aws:SecureTransport': 'true',
  }
  for (const [name, value] of Object.entries(tags)) all[`aws:PrincipalTag/${name}`] = value
  for (const [name, value] of Object.entries(facts))
    all[rename(name)] = typeof value === 'string' ? value : [...value]
  return all
}

/** The evaluator knows no `kms:EncryptionContext:`; a tag of the request is as blind to case. */
const rename = (text: string) => text.replace(/kms:EncryptionContext:/gi, 'aws:RequestTag/kmsctx-')

const known = new WeakMap<Policy, unknown>()

function renamed(policy: Policy): unknown {
  const found = known.get(policy)
  if (found !== undefined) return found
  const made: unknown = JSON.parse(rename(JSON.stringify(policy)))
  known.set(policy, made)
  return made
}
