import { createPublicKey, verify } from 'node:crypto'
import { AwsError } from './aws-error.ts'
import type { Provider } from './aws-state.ts'

/** What is read from a web identity token. */
export interface WebIdentity {
  issuer: string
  subject: string
  audience: string
  tags: [string, string][]
  /** Names of tags that later roles would inherit. */
  transitive: string[]
}

type Claims = Record<string, unknown>

const refuse = (text: string) => new AwsError('InvalidIdentityToken', text)
const ours = 'https://aws.amazon.com/'

/**
 * Checks a token (compact JWS, ES256 or RS256) as STS does: provider, key, signature, time, audience, tags.
 * Refuses `azp` (STS takes it for the audience: documented), several audiences, a tag of several values (documented),
 * and claims of `https://aws.amazon.com/` other than the tags. Five minutes of `nbf` and `iat` are forgiven (assumed).
 *
 * @throws {AwsError} `InvalidIdentityToken`, or `ExpiredTokenException` past `exp`. Never a part of the token in it.
 */
export function readWebIdentity(token: string, providers: Provider[], now: number): WebIdentity {
  const [head = '', body = '', signature = '', ...rest] = token.split('.')
  const [header, claims] = [readPart(head), readPart(body)]
  const provider = providers.find(each => each.issuer === claims.iss)
  if (provider === undefined || rest.length > 0) throw refuse('No OpenIDConnect provider found')
  checkJws(header, `${head}.${body}`, Buffer.from(signature, 'base64url'), provider)
  checkTimes(claims, now / 1000)
  const { aud, sub, azp, [`${ours}tags`]: tags = {}, ...others } = claims
  const [audience, second] = [aud].flat()
  const known = typeof audience === 'string' && provider.audiences.includes(audience)
  if (!known || second !== undefined || azp !== undefined) throw refuse('Incorrect token audience')
  const odd = Object.keys(others).some(name => name.startsWith(ours))
  if (typeof sub !== 'string' || odd) throw refuse('No subject, or a claim that is not served here')
  return { issuer: provider.issuer, subject: sub, audience, ...readTags(Object(tags)) }
}

function readPart(part: string): Claims {
  try {
    return Object.fromEntries(Object.entries(JSON.parse(Buffer.from(part, 'base64url').toString())))
  } catch {
    throw refuse('The ID Token provided is not a valid JWT.')
  }
}

/** The algorithm follows from the provider's key of that id, never from the token alone. */
function checkJws({ alg, kid, crit }: Claims, signed: string, signature: Buffer, from: Provider) {
  const jwk = from.keys.find(each => each.kid === kid)
  const fits = (jwk?.kty === 'RSA' && alg === 'RS256') || (jwk?.crv === 'P-256' && alg === 'ES256')
  if (jwk === undefined || !fits || crit !== undefined)
    throw refuse("Couldn't retrieve verification key from your identity provider")
  const key = createPublicKey({ key: jwk, format: 'jwk' })
  if (!verify('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }, signature))
    throw refuse('The token signature is invalid')
}

function checkTimes({ exp, iat, nbf = iat }: Claims, now: number): void {
  if (typeof exp !== 'number' || typeof iat !== 'number' || typeof nbf !== 'number')
    throw refuse('Missing a required claim: exp, iat')
  if (exp <= now) throw new AwsError('ExpiredTokenException', 'Token expired')
  if (Math.max(iat, nbf) > now + 300) throw refuse('The token is not valid yet')
}

function readTags(claim: Claims): Pick<WebIdentity, 'tags' | 'transitive'> {
  const { principal_tags: given, transitive_tag_keys: transitive = [], ...others } = claim
  const tags = Object.entries(Object(given)).map(([name, values]): [string, string] => {
    if (Array.isArray(values) && values.length === 1 && typeof values[0] === 'string')
      return [name, values[0]]
    throw refuse('A session tag must have one value')
  })
  if (Object.keys(others).length > 0 || !Array.isArray(transitive))
    throw refuse('The tags claim has another form')
  return { tags, transitive: transitive.map(String) }
}
