import { type CustodyAccount, roleArn } from '../custody/policies.ts'
import { routerName, type StackContext } from './context.ts'
import type { CourierPins, GatewayPins, Pins } from './partners.ts'

const DAY = 86_400
const OFFER_SECONDS = 3 * DAY
const KEEP_SECONDS = 30 * DAY

/** A courier's part of the deployment: its account, and what is pinned of it. */
export interface CustodyPins {
  readonly account: CustodyAccount
  readonly courier: CourierPins & Required<Pick<CourierPins, 'controlKeys' | 'brake'>>
  readonly gateway: GatewayPins
}

/**
 * `gateway.json`, which the gateway's functions read: couriers that nobody pinned yet are not in it,
 * and no order is taken for them.
 */
export function gatewayFile({ gateway, platforms, disabled }: StackContext, pins: Pins): object {
  const off = (names: readonly string[] = [], name: string) =>
    names.includes(name) ? { disabled: true } : {}
  const couriers = Object.entries(pins.couriers).map(([name, known]) => {
    const { settings, dispatchKeys, issuer, shards = 1, releases } = known
    const custodyKeys = known.custodyKeys.map(({ arn: _arn, ...key }) => key)
    const router = routerName(name)
    const brake = releases === undefined ? {} : { releases }
    const keys = { custodyKeys, dispatchKeys, ...leastVersion(known) }
    const own = { settings, ...keys, issuer, router, shards, ...brake }
    return [name, { ...own, ...off(disabled?.couriers, name) }] as const
  })
  return {
    origin: gateway.origin,
    gatewayKeys: pins.gateway?.gatewayKeys ?? [],
    revokedCertificates: pins.gateway?.revoked ?? [],
    platforms: Object.fromEntries(
      platforms.map(name => [name, { shards: 1, ...off(disabled?.platforms, name) }]),
    ),
    couriers: Object.fromEntries(couriers),
    offerSeconds: gateway.offerSeconds ?? OFFER_SECONDS,
    keepSeconds: gateway.keepSeconds ?? KEEP_SECONDS,
  }
}

/** `router.json`, which a courier's router reads: whom it trusts, and by which keys it re-wraps. */
export function routerFile(
  { account, courier, gateway }: CustodyPins,
  names: { readonly table: string; readonly receiptSecret: string },
): object {
  return {
    courier: account.courier,
    aud: account.roles.router,
    ...names,
    hopKey: courier.hopKey,
    custodyKeys: courier.custodyKeys,
    ...leastVersion(courier),
    gatewayKeys: gateway.gatewayKeys,
    revoked: gateway.revoked ?? [],
    dispatchKeys: courier.dispatchKeys.map(({ jwk }) => jwk),
    controlKeys: courier.controlKeys,
    brake: courier.brake,
    keepSeconds: KEEP_SECONDS,
  }
}

/** `station.json`, which the helper of handhelds reads. */
export function stationFile({ account, courier, gateway }: CustodyPins, origin: string): object {
  return {
    courier: account.courier,
    gateway: origin,
    hopKey: courier.hopKey,
    stationRole: roleArn(account, account.roles.station),
    custodyKeys: courier.custodyKeys,
    ...leastVersion(courier),
    gatewayKeys: gateway.gatewayKeys,
    revoked: gateway.revoked ?? [],
  }
}

/** Gateway, router and station alike refuse what was sealed to an older key. */
function leastVersion({ minVersion }: CourierPins): { readonly minVersion?: number } {
  return minVersion === undefined ? {} : { minVersion }
}
