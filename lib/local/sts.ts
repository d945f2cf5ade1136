import { randomBytes } from 'node:crypto'
import { authorize, type Call, type Context, type Operations } from './aws-call.ts'
import { AwsError } from './aws-error.ts'
import { sealSession, sessionArn } from './aws-state.ts'
import { accountOf } from './policy.ts'
import { readWebIdentity } from './sts-token.ts'

const invalid = (text: string) => new AwsError('ValidationError', text)
const served =
  /^(Action|Version|RoleArn|RoleSessionName|DurationSeconds|WebIdentityToken|Tags\.member\.\d+\.(Key|Value))$/

/** A parameter of a form. */
function text({ input }: Call, name: string, form = /./): string {
  const value = input[name]
  if (typeof value === 'string' && form.test(value)) return value
  throw invalid(`${name} is missing or has another form`)
}

const roleOf = (call: Call) => text(call, 'RoleArn', /^arn:aws:iam::\d{12}:role\/[\w+=,.@-]+$/)

/**
 * Session tags: at most 50, names to 128 and values to 256 characters, none twice by case (documented). Real STS also
 * refuses characters such as `*`; here they pass, so policies must hold without that (assumed, as it favours an attacker).
 */
function checkTags(tags: [string, string][]): void {
  const names = new Set(tags.map(([name]) => name.toLowerCase()))
  const fit = tags.every(([name, value]) => name.length <= 128 && value.length <= 256)
  if (!fit || names.has('') || tags.length > 50) throw invalid('Tags are too many or too long')
  if (names.size < tags.length)
    throw new AwsError(
      'InvalidParameterValue',
      'Duplicate tag keys found: they do not differ by case',
    )
}

/**
 * Asks the role's trust policy for the action and, where tags are passed, for `sts:TagSession` (documented: "Permissions
 * required to add session tags"), then makes the session. Tags that later roles inherit are not served.
 */
function startSession(call: Call, action: string, tags: [string, string][], context: Context) {
  const role = roleOf(call)
  call.touched.push(role)
  checkTags(tags)
  const { trust, maxSessionSeconds = 0 } = call.state.identities[role] ?? {}
  const name = text(call, 'RoleSessionName', /^[\w+=,.@-]{2,64}$/)
  const facts: Context = { ...context, 'sts:RoleSessionName': name }
  facts['aws:TagKeys'] = tags.map(([key]) => key)
  for (const [key, value] of tags) facts[`aws:RequestTag/${key}`] = value
  // Nobody can tell a role that does not exist from one that does not trust the caller.
  const policy = trust ?? { Version: '2012-10-17', Statement: [] }
  authorize(call, `sts:${action}`, role, facts, { kind: 'trust', policy })
  if (tags.length > 0) authorize(call, 'sts:TagSession', role, facts, { kind: 'trust', policy })
  if (facts['sts:TransitiveTagKeys']?.length) throw invalid('transitive tags are not served here')
  const most = call.caller.session ? Math.min(3600, maxSessionSeconds) : maxSessionSeconds // chained: an hour
  const seconds = Number(call.input.DurationSeconds ?? 3600)
  if (!(seconds >= 900 && seconds <= most)) throw invalid('DurationSeconds is out of bounds')
  const id = `ASIA${randomBytes(8).toString('hex').toUpperCase()}`
  const arn = sessionArn(role, name)
  const expires = call.now + seconds * 1000
  const session = { id, arn, role, tags: Object.fromEntries(tags), expires }
  const { secret, token } = sealSession(call.state, session)
  const pair = { AccessKeyId: id, SecretAccessKey: secret }
  const until = { SessionToken: token, Expiration: new Date(expires).toISOString() }
  const user = { Arn: arn, AssumedRoleId: userId(arn) }
  return { Credentials: { ...pair, ...until }, AssumedRoleUser: user }
}

const userId = (arn: string) => `AROALOCAL:${arn.split(/[/:]/).at(-1)}`

function assumeRole(call: Call) {
  if (call.caller.principal.arn.endsWith(':root'))
    throw new AwsError('AccessDeniedException', 'Roles may not be assumed by root accounts.')
  const tags: [string, string][] = []
  for (let at = 1; `Tags.member.${at}.Key` in call.input; at++)
    tags.push([text(call, `Tags.member.${at}.Key`), text(call, `Tags.member.${at}.Value`, /^/)])
  return startSession(call, 'AssumeRole', tags, {})
}

/** Needs no signature: the token is the proof. Providers are those of the role's account. */
function assumeRoleWithWebIdentity(call: Call) {
  const prefix = `arn:aws:iam::${accountOf(roleOf(call))}:oidc-provider/`
  const providers = Object.entries(call.state.providers).filter(([arn]) => arn.startsWith(prefix))
  const token = text(call, 'WebIdentityToken')
  const web = readWebIdentity(
    token,
    providers.map(([, each]) => each),
    call.now,
  )
  const host = web.issuer.replace('https://', '')
  call.caller = { secret: '', principal: { arn: '', federated: prefix + host }, policies: [] }
  const facts = { [`${host}:aud`]: web.audience, [`${host}:sub`]: web.subject }
  const context = { ...facts, 'sts:TransitiveTagKeys': web.transitive }
  const answer = startSession(call, 'AssumeRoleWithWebIdentity', web.tags, context)
  const names = { Provider: prefix + host, Audience: web.audience }
  return { ...answer, ...names, SubjectFromWebIdentityToken: web.subject }
}

/** Needs no permission (documented). */
function getCallerIdentity({ caller: { principal } }: Call) {
  return { Arn: principal.arn, UserId: userId(principal.arn), Account: accountOf(principal.arn) }
}

const checked = (work: (call: Call) => object) => (call: Call) => {
  const odd = Object.keys(call.input).find(name => !served.test(name))
  if (odd !== undefined) throw invalid(`${odd} is not served here`)
  return work(call)
}

/** The operations of STS that are served, by name. */
export const stsOperations: Operations = {
  AssumeRole: checked(assumeRole),
  AssumeRoleWithWebIdentity: checked(assumeRoleWithWebIdentity),
  GetCallerIdentity: checked(getCallerIdentity),
}
