import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { AwsError } from './aws-error.ts'

/** What an `Authorization` header of Signature Version 4 says. */
export interface Authorization {
  accessKeyId: string
  /** `20261124/us-east-1/kms/aws4_request` */
  scope: string
  signedHeaders: string[]
  signature: string
}

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex')
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()

/**
 * Reads the `Authorization` header.
 *
 * @throws {AwsError} `MissingAuthenticationTokenException` without one, `IncompleteSignatureException` for one that
 *   lacks a part or does not sign `host` and every `x-amz-*` header.
 */
export function readAuthorization(headers: IncomingHttpHeaders): Authorization {
  const header = headers.authorization
  if (header === undefined)
    throw new AwsError(
      'MissingAuthenticationTokenException',
      'Request is missing Authentication Token',
      403,
    )
  const shape =
    /^AWS4-HMAC-SHA256 Credential=(\w+)\/(\d{8}\/[\w-]+\/\w+\/aws4_request), ?SignedHeaders=([\w;-]+), ?Signature=([0-9a-f]{64})$/
  const [, accessKeyId, scope, names, signature] = shape.exec(header) ?? []
  const signedHeaders = names?.split(';') ?? []
  const needed = ['host', ...Object.keys(headers).filter(name => name.startsWith('x-amz-'))]
  const whole = 'x-amz-date' in headers && needed.every(name => signedHeaders.includes(name))
  if (accessKeyId === undefined || scope === undefined || signature === undefined || !whole)
    throw new AwsError('IncompleteSignatureException', 'Authorization header lacks a required part')
  return { accessKeyId, scope, signedHeaders, signature }
}

/**
 * Checks the signature of a `POST /` over its headers and body: the calls of KMS and STS have no other form.
 *
 * @throws {AwsError} `InvalidSignatureException` for another signature, body, region or service, or a time more
 *   than five minutes away.
 * @see IAM guide, "Create a signed AWS API request"
 */
export function checkSignature(
  { scope, signedHeaders, signature }: Authorization,
  { headers, body }: { headers: IncomingHttpHeaders; body: Buffer },
  secret: string,
  expected: { region: string; service: string; now: number },
): void {
  const refuse = (text: string) => new AwsError('InvalidSignatureException', text, 403)
  const date = String(headers['x-amz-date'])
  const [day = ''] = scope.split('/')
  if (
    scope !== `${day}/${expected.region}/${expected.service}/aws4_request` ||
    !date.startsWith(day)
  )
    throw refuse('Credential should be scoped to this date, region and service.')
  const time = Date.parse(date.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'))
  if (!(Math.abs(time - expected.now) <= 300_000))
    throw refuse('Signature expired or not yet current: its time is more than five minutes away.')
  const canonical = signedHeaders.map(
    name => `${name}:${String(headers[name]).trim().replace(/ +/g, ' ')}\n`,
  )
  const request = `POST\n/\n\n${canonical.join('')}\n${signedHeaders.join(';')}\n${sha256(body)}`
  const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${secret}`)
  const right = hmac(key, `AWS4-HMAC-SHA256\n${date}\n${scope}\n${sha256(request)}`)
  if (!timingSafeEqual(right, Buffer.from(signature, 'hex')))
    throw refuse('The request signature we calculated does not match the signature you provided.')
}
