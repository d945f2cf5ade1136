import {
  type Facts,
  malformed,
  readArn,
  readCondition,
  readPattern,
  type Test,
} from './policy-terms.ts'

/** Where a policy hangs: at a role or user, at a KMS key, or at a role as its trust policy. */
export type PolicyKind = 'identity' | 'key' | 'trust'

/** Who asks. `arn`: session, user or account root; `''` for a web identity, which has `federated` only. */
export interface Principal {
  arn: string
  /** Of a session: its role, `arn:aws:iam::111122223333:role/station`. */
  role?: string
  /** Of a web identity: its provider, `arn:aws:iam::111122223333:oidc-provider/id.example`. */
  federated?: string
  tags?: Readonly<Record<string, string>>
}

/** One action on one resource; `account` owns the resource; `context` by condition key, any case. */
export interface AccessRequest {
  principal: Principal
  action: string
  resource: string
  account: string
  context?: Readonly<Record<string, string | readonly string[]>>
}

/** Why: allowed, an explicit Deny, or nobody allowed it on the resource's or on the caller's side. */
export type Decision = 'allowed' | 'explicit-deny' | 'resource-silent' | 'identity-silent'

type Reach = 'direct' | 'account' | undefined
interface Statement {
  allow: boolean
  principal: (who: Principal) => Reach
  applies: (action: string, resource: string, facts: Facts) => boolean
}
/** A policy that was read whole, so holds nothing unknown. */
export type Policy = readonly Statement[]

const members = /^(Sid|Effect|Principal|Action|NotAction|Resource|NotResource|Condition)$/

/**
 * Reads a policy document (object or JSON text) strictly.
 *
 * @throws {AwsError} `MalformedPolicyDocumentException` naming what is unknown: a member (`NotPrincipal`),
 *   an operator, a condition key, a variable, a form of principal.
 */
export function loadPolicy(kind: PolicyKind, document: unknown): Policy {
  const policy = asRecord(typeof document === 'string' ? parse(document) : document, 'policy')
  for (const name of Object.keys(policy))
    if (!/^(Version|Id|Statement)$/.test(name)) throw malformed(`unknown policy member ${name}`)
  if (policy.Version !== '2012-10-17') throw malformed('Version must be 2012-10-17')
  const statements = Array.isArray(policy.Statement) ? policy.Statement : [policy.Statement]
  return statements.map(statement => readStatement(kind, asRecord(statement, 'Statement')))
}

function readStatement(kind: PolicyKind, from: Record<string, unknown>): Statement {
  for (const name of Object.keys(from))
    if (!members.test(name)) throw malformed(`unknown statement member ${name}`)
  const { Effect: effect, Principal: principal } = from
  if (effect !== 'Allow' && effect !== 'Deny') throw malformed('Effect must be Allow or Deny')
  if ((principal === undefined) !== (kind === 'identity'))
    throw malformed(`Principal ${kind === 'identity' ? 'in an identity policy' : 'is missing'}`)
  const action = readEither(from, 'Action', readAction)
  if (kind === 'trust' && ('Resource' in from || 'NotResource' in from))
    throw malformed('Resource in a trust policy')
  const resource = kind === 'trust' ? () => true : readEither(from, 'Resource', readResource)
  const conditions = Object.entries(asRecord(from.Condition ?? {}, 'Condition')).flatMap(
    ([operator, keys]) =>
      Object.entries(asRecord(keys, operator)).map(([key, values]) =>
        readCondition(operator, key, texts(values, key)),
      ),
  )
  return {
    allow: effect === 'Allow',
    principal: kind === 'identity' ? () => 'direct' : readPrincipal(principal),
    applies: (name, target, facts) =>
      action(name.toLowerCase(), facts) &&
      resource(target, facts) &&
      conditions.every(test => test(facts)),
  }
}

function readEither(
  from: Record<string, unknown>,
  name: string,
  read: (text: string) => Test,
): Test {
  const not = `Not${name}` in from
  if (not === name in from) throw malformed(`one of ${name} and Not${name} is needed`)
  const tests = texts(from[not ? `Not${name}` : name], name).map(read)
  return (value, facts) => tests.some(test => test(value, facts)) !== not
}

function readAction(text: string): Test {
  if (!/^(\*|[\w-]+:[\w*?]+)$/.test(text)) throw malformed(`not an action: ${text}`)
  return readPattern(text.toLowerCase(), true)
}

const readResource = (text: string): Test => (text === '*' ? () => true : readArn(text))

function readPrincipal(from: unknown): (who: Principal) => Reach {
  if (from === '*') return () => 'direct'
  const tests = Object.entries(asRecord(from, 'Principal')).flatMap(([type, names]) =>
    texts(names, type).map(name => readName(type, name)),
  )
  if (tests.length === 0) throw malformed('Principal names nobody')
  return who => {
    const reaches = tests.map(test => test(who))
    return reaches.find(reach => reach === 'direct') ?? reaches.find(reach => reach === 'account')
  }
}

/**
 * Forms of a principal (documented: IAM guide, "AWS JSON policy elements: Principal"). A role's ARN stands for
 * its sessions, an account (`…:root` or its number) for all in it that their own policies allow. Real IAM keeps
 * a role's inner id, so a re-created role loses access; here the name is what counts (assumed to be kept).
 */
function readName(type: string, name: string): (who: Principal) => Reach {
  const [, account] = /^(?:arn:aws[\w-]*:iam::)?(\d{12})(?::root)?$/.exec(name) ?? []
  if (type === 'AWS' && name === '*') return () => 'direct'
  if (type === 'AWS' && account)
    return who => (accountOf(who.arn) === account ? 'account' : undefined)
  const direct = (is: (who: Principal) => boolean) => (who: Principal) =>
    is(who) ? 'direct' : undefined
  if (
    type === 'AWS' &&
    /^arn:aws[\w-]*:(iam::\d{12}:(role|user)|sts::\d{12}:assumed-role)\/[\w+=,.@/-]+$/.test(name)
  )
    return direct(who => who.arn === name || who.role === name)
  if (type === 'Federated' && /^arn:aws[\w-]*:iam::\d{12}:oidc-provider\/\S+$/.test(name))
    return direct(who => who.federated === name)
  if (type === 'Service' && /^[\w.-]+\.amazonaws\.com(\.cn)?$/.test(name)) return () => undefined
  throw malformed(`unknown principal ${type} ${name}`)
}

/** The account of an ARN: `111122223333`. */
export const accountOf = (arn: string): string => arn.split(':')[4] ?? ''

/**
 * Decides one request as IAM does (documented: IAM guide, "Policy evaluation logic"; KMS guide, "Key policies"):
 * default deny, an explicit Deny anywhere wins. With a resource policy (key or trust) that policy must speak:
 * a caller of the same account whom it names needs no more; one whom it reaches through the account, and each
 * caller of another account, needs an identity policy too. Without one (`CreateKey`) the identity policies decide.
 * The root of an account may do what its identity side can allow.
 */
export function decide(
  request: AccessRequest,
  identity: readonly Policy[],
  resource?: Policy,
): Decision {
  const facts = gatherFacts(request)
  const { principal, action } = request
  const applying = (policy: Policy) =>
    policy.filter(each => each.applies(action, request.resource, facts))
  const own = identity.flatMap(applying)
  const theirs = applying(resource ?? []).map(each => ({
    ...each,
    reach: each.principal(principal),
  }))
  const reached = theirs.filter(each => each.reach !== undefined)
  if ([...own, ...reached].some(each => !each.allow)) return 'explicit-deny'
  const ownAllows = own.length > 0 || /:iam::\d{12}:root$/.test(principal.arn)
  if (resource === undefined) return ownAllows ? 'allowed' : 'identity-silent'
  if (reached.length === 0) return 'resource-silent'
  const near = principal.arn === '' || accountOf(principal.arn) === request.account
  const named = near && reached.some(each => each.reach === 'direct')
  return named || ownAllows ? 'allowed' : 'identity-silent'
}

/** Keys that differ by case only become several values of one key. */
function gatherFacts({ principal, context }: AccessRequest): Facts {
  const facts = new Map<string, string[]>()
  const add = (key: string, values: string | readonly string[]) =>
    facts.set(key.toLowerCase(), [...(facts.get(key.toLowerCase()) ?? []), ...[values].flat()])
  if (principal.arn !== '') {
    add('aws:PrincipalArn', principal.role ?? principal.arn)
    add('aws:PrincipalAccount', accountOf(principal.arn))
  }
  for (const [key, value] of Object.entries(principal.tags ?? {}))
    add(`aws:PrincipalTag/${key}`, value)
  for (const [key, values] of Object.entries(context ?? {})) add(key, values)
  return facts
}

function asRecord(value: unknown, name: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw malformed(`${name} is no object`)
  return Object.fromEntries(Object.entries(value))
}

function texts(value: unknown, name: string): string[] {
  const list = (Array.isArray(value) ? value : [value]).map(each =>
    typeof each === 'boolean' ? `${each}` : each,
  )
  if (list.length === 0 || !list.every(each => typeof each === 'string'))
    throw malformed(`${name} must be text`)
  return list
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw malformed('the policy is not JSON')
  }
}
