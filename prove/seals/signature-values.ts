import { createHmac, sign } from 'node:crypto'
import { b64u, detached, jws, jwsHeader, signatureOf } from './make.ts'
import type { Forge } from './signature-headers.ts'
import * as w from './world.ts'

// Signatures whose value, form or author is not the right one.

/** Order of P-256. */
const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
/** Prime of its field. */
const P = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn

const integer = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
const bytes32 = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(64, '0'), 'hex')

/** The twin of an ECDSA signature, r and n - s, which holds wherever that holds. */
export function twinOf(jwsText: string): string {
  const dot = jwsText.lastIndexOf('.')
  const raw = Buffer.from(jwsText.slice(dot + 1), 'base64url')
  const twin = Buffer.concat([raw.subarray(0, 32), bytes32(N - integer(raw.subarray(32)))])
  return `${jwsText.slice(0, dot)}.${b64u(twin)}`
}

const raw = (bytes: (input: string, by: w.Signer) => Uint8Array): Forge => {
  return (payload, by) => {
    const head = jwsHeader(by)
    return `${b64u(head)}..${b64u(bytes(`${b64u(head)}.${b64u(payload)}`, by))}`
  }
}

const rs = (change: (r: bigint, s: bigint) => [bigint, bigint]): Forge =>
  raw((input, by) => {
    const good = signatureOf(input, by)
    const [r, s] = change(integer(good.subarray(0, 32)), integer(good.subarray(32)))
    return Buffer.concat([bytes32(r), bytes32(s)])
  })

/** Signatures that are none, or in another form. */
export const values: readonly Forge[] = [
  ...[0n, 1n, N, N - 1n, N + 1n, P, 2n ** 256n - 1n].flatMap(odd => [
    rs((_, s) => [odd, s]),
    rs(r => [r, odd]),
    rs(() => [odd, odd]),
  ]),
  rs((r, s) => [s, r]),
  rs((r, s) => [N - r, s]),
  rs((r, s) => [N - r, N - s]),
  rs((r, s) => [r, s ^ 1n]),
  raw((input, { key }) => sign('sha256', Buffer.from(input), key)),
  raw((input, { key }) =>
    Buffer.concat([sign('sha256', Buffer.from(input), key), Buffer.alloc(8)]).subarray(0, 64),
  ),
  raw((input, by) => Buffer.concat([signatureOf(input, by), Buffer.from([0])])),
  raw((input, by) => signatureOf(input, by).subarray(0, 63)),
  raw((input, by) => signatureOf(input, by).subarray(0, 32)),
  raw(() => Buffer.alloc(0)),
  raw(() => Buffer.alloc(64)),
  raw((input, { key }) => sign('sha384', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' })),
  raw((input, { key }) => sign('sha512', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' })),
  raw((input, { key }) => sign('sha1', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' })),
]

/** HMAC with what everybody has: the public key, in each form that a library could take for a secret. */
export const macs: readonly Forge[] = ['HS256', 'HS512', 'none', 'ES256'].flatMap(alg =>
  [
    (by: w.Signer) => by.publicKey.export({ format: 'pem', type: 'spki' }),
    (by: w.Signer) => by.publicKey.export({ format: 'der', type: 'spki' }),
    (by: w.Signer) => JSON.stringify(by.publicKey.export({ format: 'jwk' })),
    (by: w.Signer) => by.kid,
    () => '',
  ].map(secret => (payload: string, by: w.Signer) => {
    const head = JSON.stringify({ ...JSON.parse(jwsHeader(by)), alg })
    const hash = alg === 'HS512' ? 'sha512' : 'sha256'
    const mac = createHmac(hash, secret(by))
      .update(`${b64u(head)}.${b64u(payload)}`)
      .digest()
    return `${b64u(head)}..${alg === 'none' ? '' : b64u(mac)}`
  }),
)

/** Other forms of a signature that holds. */
export const shapes: readonly Forge[] = [
  (payload, by) => jws(jwsHeader(by), payload, by),
  (payload, by) => `${detached(jwsHeader(by), payload, by)}.`,
  (payload, by) => `.${detached(jwsHeader(by), payload, by)}`,
  (payload, by) => `${detached(jwsHeader(by), payload, by)}.AAAA`,
  (payload, by) => detached(jwsHeader(by), payload, by).replace('..', '.'),
  (payload, by) => detached(jwsHeader(by), payload, by).replace('..', '...'),
  (payload, by) => detached(jwsHeader(by), payload, by).replace('..', '.e30.'),
  (payload, by) => detached(jwsHeader(by), payload, by).replace('..', '. .'),
  (payload, by) => detached(jwsHeader(by), payload, by).split('.')[2] ?? '',
  (payload, by) => `${detached(jwsHeader(by), payload, by).split('.')[0]}..`,
  (payload, by) =>
    JSON.stringify({ payload: b64u(payload), signatures: [jws(jwsHeader(by), payload, by)] }),
]

/** By whom, where only intake under its certificate, or the platform itself, may. */
export const persons: readonly Forge[] = [
  ...Object.values(w.signers).flatMap(person => [
    (payload: string, by: w.Signer) =>
      person === by ? '' : detached(jwsHeader(person), payload, person),
    (payload: string, by: w.Signer) =>
      person === by ? '' : detached(jwsHeader(by), payload, person),
    (payload: string, by: w.Signer) =>
      person === by
        ? ''
        : detached(
            JSON.stringify({ ...JSON.parse(jwsHeader(person)), alg: 'ES256' }),
            payload,
            person,
          ),
  ]),
]
