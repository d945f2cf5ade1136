import { type Credential, isPushToken, signatureKeys } from '../access/credentials.ts'
import { verifyHttpSignature } from '../access/http-signature.ts'
import type { RawRequest } from '../access/request.ts'
import { authenticate } from '../access/secrets.ts'
import { GatewayError } from '../model/errors.ts'
import type { Platform, PlatformCredential } from '../platforms/platform.ts'
import type { Ports, Secrets } from './ports.ts'
import { requireOn } from './switch.ts'

/**
 * Who calls a platform's endpoints: by the platform's own signature, or, on calls that have no native
 * form, by an HTTP message signature.
 *
 * @throws {GatewayError} `UNAUTHENTICATED`, one answer for all reasons; `STORE_AWAY` for a platform that
 *   is switched off
 */
export async function callerOfPlatform(
  ports: Ports & { readonly secrets: Secrets },
  platform: Platform,
  request: RawRequest,
): Promise<PlatformCredential> {
  requireOn(ports.config.platforms, platform.name)
  return authenticate(ports.secrets.platforms, platform.name, async credential => {
    const own = platformCredential(credential)
    if (platform.calls === 'http-signature' || request.headers.has('signature-input')) {
      await verifyHttpSignature(request, signatureOptions(ports, credential))
      return own
    }
    return platform.authenticate(request, [own], ports.now())
  })
}

/**
 * Lets a courier in by its HTTP message signature. Secrets are looked up for couriers that are served
 * alone, so that made-up names cost nothing.
 *
 * @returns the credential whose key signed
 * @throws {GatewayError} `UNAUTHENTICATED`, also for a courier that is not served; `STORE_AWAY` for one
 *   that is switched off
 */
export async function requireCourier(
  ports: Ports & { readonly secrets: Secrets },
  courier: string,
  request: RawRequest,
): Promise<Credential> {
  if (!Object.hasOwn(ports.config.couriers, courier)) throw new GatewayError('UNAUTHENTICATED')
  requireOn(ports.config.couriers, courier)
  return authenticate(ports.secrets.couriers, courier, async credential => {
    await verifyHttpSignature(request, signatureOptions(ports, credential))
    return credential
  })
}

/**
 * Lets an unsigned push in by the secret part of its URL.
 *
 * @throws {GatewayError} `UNAUTHENTICATED`
 */
export async function requirePushToken(
  ports: Ports & { readonly secrets: Secrets },
  courier: string,
  token: string,
): Promise<void> {
  await authenticate(ports.secrets.couriers, courier, credential => {
    if (!isPushToken(token, credential)) throw new GatewayError('UNAUTHENTICATED')
    return true
  })
}

/** Whether a caller may have to do with an order: one that is bound to a shop only with that shop's. */
export function isOfCaller(
  { shop }: Pick<PlatformCredential, 'shop'>,
  order: { readonly shop?: string | undefined },
): boolean {
  return shop === undefined || order.shop === shop
}

function signatureOptions(ports: Ports, credential: Credential) {
  return { origin: ports.config.origin, keys: signatureKeys(credential), now: ports.now() }
}

/** What a platform adapter sees of a credential; accounts and terms come from its settings. */
function platformCredential(credential: Credential): PlatformCredential {
  const { appKey, secret, shop, md5, settings } = credential
  const {
    couriers = {},
    ignoreServices = [],
    native = {},
  } = settings as Partial<PlatformCredential>
  return {
    appKey: appKey ?? '',
    ...(shop === undefined ? {} : { shop }),
    secrets: secret === undefined ? [] : [secret],
    md5,
    couriers,
    ignoreServices,
    native,
  }
}
