import { AwsError } from './aws-error.ts'
import type { AwsState, Caller } from './aws-state.ts'
import { accountOf, decide, loadPolicy, type PolicyKind } from './policy.ts'

/** One call on its way: who, what, and the keys or roles it touched (for the record of calls). */
export interface Call {
  state: AwsState
  region: string
  /** Milliseconds. */
  now: number
  caller: Caller
  input: Readonly<Record<string, unknown>>
  touched: string[]
}

/** What an operation does with a call: answers an object or throws an `AwsError`. */
export type Work = (call: Call) => object | Promise<object>

/** The operations of a service by name. */
export type Operations = Readonly<Record<string, Work>>

/** Condition keys of a request, any case: `{'kms:EncryptionAlgorithm': 'SYMMETRIC_DEFAULT'}`. */
export type Context = Record<string, string | string[]>

const reasons = {
  'explicit-deny': 'with an explicit deny in a policy',
  'resource-silent': 'because no resource-based policy allows it',
  'identity-silent': 'because no identity-based policy allows it',
}

/**
 * Goes on only if policy allows. `guard`: the key's or the role's own policy, where the resource has one.
 *
 * @throws {AwsError} `AccessDeniedException`: who, which action, which resource, and what did not allow it.
 */
export function authorize(
  { caller: { principal, policies } }: Call,
  action: string,
  resource: string,
  context: Context,
  guard?: { kind: PolicyKind; policy: unknown },
): void {
  const account = accountOf(resource) || accountOf(principal.arn)
  const decision = decide(
    { principal, action, resource, account, context },
    policies.map(document => loadPolicy('identity', document)),
    guard && loadPolicy(guard.kind, guard.policy),
  )
  if (decision === 'allowed') return
  const who = principal.arn || principal.federated
  const text = `User: ${who} is not authorized to perform: ${action} on resource: ${resource}`
  throw new AwsError('AccessDeniedException', `${text} ${reasons[decision]}`)
}
