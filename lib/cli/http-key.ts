import { createPrivateKey } from 'node:crypto'
import { type SignatureKey, signHttpRequest } from '../access/http-signature.ts'
import type { HttpIdentity } from '../local/identities.ts'
import type { OutgoingRequest } from '../platforms/platform.ts'

/** A development key as the signer of HTTP requests wants it. */
export function httpKeyOf({ keyid, jwk }: HttpIdentity): SignatureKey {
  return { keyid, alg: 'ed25519', key: createPrivateKey({ key: jwk, format: 'jwk' }) }
}

/**
 * The request with an HTTP message signature; headers it had are kept. Without a body it has no
 * `content-type`.
 */
export async function signedBy(
  origin: string,
  key: SignatureKey,
  request: OutgoingRequest,
  now = new Date(),
): Promise<OutgoingRequest> {
  const { 'content-type': contentType = 'application/json', ...rest } = request.headers
  const given = request.body === '' ? rest : { ...rest, 'content-type': contentType }
  const url = `${origin}${request.path}`
  const body = Buffer.from(request.body)
  const headers = await signHttpRequest(
    { method: request.method, url, headers: given, body },
    key,
    now,
  )
  return { ...request, headers }
}
