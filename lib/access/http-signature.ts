import type { KeyObject } from 'node:crypto'
import {
  createSigner,
  createVerifier,
  httpbis,
  type SignatureParameters,
} from 'http-message-signatures'
import { GatewayError } from '../model/errors.ts'
import { sameText, within } from './digest.ts'
import type { RawRequest } from './request.ts'
import {
  componentName,
  componentsOf,
  digestOf,
  type OutgoingRequest,
  outgoing,
  received,
} from './signature-components.ts'

/** A key for HTTP message signatures: private to sign, public to verify, or a shared secret for both. */
export type SignatureKey = {
  /** Its name in `keyid`: `sf-2026-01`. */
  readonly keyid: string
  /** From configuration; a request that states another is refused. */
  readonly alg: 'ed25519' | 'hmac-sha256'
  readonly key: KeyObject
}

/** What a signature is checked against. */
export type VerifyOptions = {
  /** The gateway's address, authority and path prefix: `https://gateway.example/lasthop`. Never from a header. */
  readonly origin: string
  /** The keys of the one partner whom the path names. */
  readonly keys: (keyid: string) => SignatureKey | undefined
  readonly now: Date
}

/** How far a signature's `created` may lie from now, either way, in seconds. */
export const signatureWindowSeconds = 300

const tag = 'lasthop'

/** `alg`, `nonce` and `expires` are optional: many libraries add them. */
const knownParameters = new Set(['created', 'keyid', 'tag', 'alg', 'nonce', 'expires'])

/**
 * `Signature-Input` and `Signature` with exactly one member each, in canonical form. The library parses them; this only
 * rules out beforehand what it would pass over: a second signature, a repeated label, component flags such as `;req`.
 */
const oneInput =
  /^([a-z*][a-z0-9_.*-]*)=\((?:"[a-z@-]+"(?:;name="[\w.*%-]+")?(?: (?=")|(?=\))))+\)(?:;[a-z]+=(?:\d{1,12}|"[^"\\]*"))+$/
const oneSignature = /^([a-z*][a-z0-9_.*-]*)=:([A-Za-z0-9+/]+={0,2}):$/

/** The library reads a clock of its own; a tolerance beyond all times switches it off, and `now` judges. */
const noClock = { tolerance: 1e15, notAfter: 1e15 }

/**
 * Checks the one HTTP message signature of a request (RFC 9421). It covers exactly `@method`, `@authority`, `@path`,
 * every query parameter as `@query-param`, and, when there is a body, `content-type` and `content-digest` (RFC 9530,
 * `sha-256` alone, over the decoded bytes); it states `created`, `keyid` and `tag="lasthop"`.
 *
 * @returns the `keyid` that signed.
 * @throws {GatewayError} `UNAUTHENTICATED`, one answer for all reasons.
 * @see design-storage.md, "API Gateway"
 */
export async function verifyHttpSignature(
  raw: RawRequest,
  options: VerifyOptions,
): Promise<{ keyid: string }> {
  const key = await signerOf(raw, options).catch(() => undefined)
  if (key === undefined) throw new GatewayError('UNAUTHENTICATED')
  return { keyid: key.keyid }
}

/** When a request with one valid signature was signed, in milliseconds since 1970; undefined without one. */
export function signatureTime({ headers }: RawRequest): number | undefined {
  const [, created] = /;created=(\d{1,12})(;|$)/.exec(headers.get('signature-input') ?? '') ?? []
  return created === undefined ? undefined : Number(created) * 1000
}

/**
 * Signs a request as `verifyHttpSignature` wants it.
 *
 * @returns all headers to send, names in lower case: those given, `content-digest` when there is a body,
 *   `signature-input` and `signature`.
 * @throws {GatewayError} `MALFORMED` for a body without `content-type` and for a query name that comes twice.
 */
export async function signHttpRequest(
  request: OutgoingRequest,
  key: SignatureKey,
  now: Date,
): Promise<Record<string, string>> {
  const message = outgoing(request)
  const components = componentsOf(message)
  const signed = await httpbis.signMessage(
    {
      key: createSigner(key.key, key.alg, key.keyid),
      name: 'sig',
      fields: [...components.keys()],
      params: ['created', 'keyid', 'tag'],
      paramValues: { created: now, keyid: key.keyid, tag },
      componentParser: (name, parameters) => [
        componentIn(components, componentName(name, parameters)),
      ],
    },
    { method: message.method, url: request.url, headers: {} },
  )
  const headers = new Headers({ ...request.headers })
  if (message.body.length > 0) headers.set('content-digest', digestOf(message.body))
  for (const [name, value] of Object.entries(signed.headers)) headers.set(name, String(value))
  return Object.fromEntries(headers)
}

async function signerOf(
  raw: RawRequest,
  options: VerifyOptions,
): Promise<SignatureKey | undefined> {
  const components = componentsOf(received(raw, options.origin))
  if (!hasOneSignature(raw.headers) || !hasTrueDigest(raw)) return undefined
  const covered = new Set<string>()
  let key: SignatureKey | undefined
  const valid = await httpbis.verifyMessage(
    {
      ...noClock,
      requiredParams: ['created', 'keyid', 'tag'],
      keyLookup: async parameters => {
        key = findKey(parameters, options)
        return key === undefined
          ? null
          : { id: key.keyid, algs: [key.alg], verify: createVerifier(key.key, key.alg) }
      },
      componentParser: (name, parameters) => {
        const component = componentName(name, parameters)
        if (covered.has(component)) throw new GatewayError('UNAUTHENTICATED')
        covered.add(component)
        return [componentIn(components, component)]
      },
    },
    { method: raw.method, url: options.origin, headers: Object.fromEntries(raw.headers) },
  )
  return valid === true && covered.size === components.size ? key : undefined
}

function componentIn(components: ReadonlyMap<string, string>, component: string): string {
  const value = components.get(component)
  if (value === undefined) throw new GatewayError('UNAUTHENTICATED')
  return value
}

function hasOneSignature(headers: ReadonlyMap<string, string>): boolean {
  const input = oneInput.exec(headers.get('signature-input') ?? '')
  const signature = oneSignature.exec(headers.get('signature') ?? '')
  const [, label, bytes = ''] = signature ?? []
  const canonical = Buffer.from(bytes, 'base64').toString('base64') === bytes
  return input !== null && signature !== null && input[1] === label && canonical
}

function hasTrueDigest(raw: RawRequest): boolean {
  return (
    raw.body.length === 0 || sameText(raw.headers.get('content-digest') ?? '', digestOf(raw.body))
  )
}

function findKey(
  parameters: SignatureParameters,
  options: VerifyOptions,
): SignatureKey | undefined {
  const { created, expires, keyid, alg } = parameters
  const { now } = options
  const known = Object.keys(parameters).every(name => knownParameters.has(name))
  const timely =
    within(now, timeOf(created), signatureWindowSeconds) &&
    (expires === undefined || timeOf(expires).getTime() >= now.getTime())
  if (!known || !timely || parameters.tag !== tag || typeof keyid !== 'string') return undefined
  const key = options.keys(keyid)
  return alg === undefined || alg === key?.alg ? key : undefined
}

/** The library gives `created` as a date and `expires` in seconds. */
function timeOf(value: unknown): Date {
  return value instanceof Date ? value : new Date(Number(value) * 1000)
}
