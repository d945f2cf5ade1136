import type { RawRequest } from '../access/request.ts'
import type { Platform, PlatformCredential } from '../platforms/platform.ts'

/** A platform's account that signs nothing: for reading its documents on this machine. */
export function unsignedCredential(
  appKey: string,
  couriers: PlatformCredential['couriers'] = {},
): PlatformCredential {
  return { appKey, secrets: [], md5: false, couriers, ignoreServices: [], native: {} }
}

/**
 * A native order request around a document, as it would reach the gateway. Its signature is nobody's:
 * it is for `readOrders`, which asks for none.
 */
export function requestOf(platform: Platform, document: string, appKey: string): RawRequest {
  const signed = platform.sandbox.sign(document, { appKey, secret: '' }, new Date())
  const [path = '', search = ''] = signed.path.split('?')
  return {
    method: signed.method,
    path,
    query: new Map(new URLSearchParams(search)),
    headers: new Map(Object.entries(signed.headers)),
    body: Buffer.from(signed.body),
  }
}
