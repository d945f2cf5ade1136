import type { Courier, CourierSettings } from '../../lib/couriers/courier.ts'
import { couriers } from '../../lib/couriers/index.ts'
import { prepareOrder } from '../../lib/flow/prepare.ts'
import { GatewayError } from '../../lib/model/errors.ts'
import type {
  OutgoingRequest,
  Platform,
  PlatformCredential,
  PostedOrder,
} from '../../lib/platforms/platform.ts'
import { arrived, configOf } from './lists.ts'

/** A law that every platform keeps: what it finds is a fault in words. */
export type PlatformLaw = (platform: Platform) => string[]

/** When everybody signs. */
export const NOW = new Date('2026-01-01T00:00:00Z')
/** What platforms, couriers and the gateway share. */
export const SECRET = 'c2VjcmV0LW9mLXRoZS1zdWl0ZS0zMi1ieXRlcy1sb25n'

/** The account that a platform has at the gateway. */
export const credentialOf = ({ sandbox }: Platform): PlatformCredential => ({
  ...{ appKey: sandbox.appKey, secrets: [SECRET], md5: false, couriers: {}, ignoreServices: [] },
  native: {},
})
/** With what its client signs. */
export const signerOf = ({ sandbox }: Platform, secret = SECRET) => ({
  appKey: sandbox.appKey,
  secret,
})

/** Every fault of a step is told with what it was about. */
export function collect(steps: (fault: (text: string) => void) => void): string[] {
  const faults: string[] = []
  steps(text => faults.push(text))
  return faults
}

/** Runs a step that must not fail; that it does is a fault. */
export function tryTo<T>(
  what: string,
  fault: (text: string) => void,
  step: () => T,
): T | undefined {
  try {
    return step()
  } catch (error) {
    fault(`${what}: ${error instanceof Error ? error.message : String(error)}`)
    return undefined
  }
}

/** A document, signed as the platform's client signs it. */
export const signed = (platform: Platform, document: unknown) =>
  platform.sandbox.sign(JSON.stringify(document), signerOf(platform), NOW)

/** The native request of a platform's sandbox, for a courier. */
export const requestFor = ({ sandbox }: Platform, courier: Courier): unknown =>
  sandbox.requestFor(courier.name, courier.sandbox)

/** The couriers that a platform can name: those that its code list has. Nobody else's order can come from it. */
export const servedBy = (platform: Platform): readonly Courier[] =>
  couriers.filter(courier => codeOf(() => requestFor(platform, courier)) !== 'COURIER_UNMAPPED')

/** The courier's settings as they are when a waybill is offered. */
export const settingsOf = ({ sandbox }: Courier): CourierSettings => ({
  ...sandbox.settings,
  secret: SECRET,
})

/** What the sandbox of a platform posts to one courier, as it is read. */
export function postedBy(platform: Platform, courier: Courier): readonly PostedOrder[] {
  const request = arrived(signed(platform, requestFor(platform, courier)))
  return platform.readOrders(request, credentialOf(platform))
}

/** The orders of a platform's sandbox for a courier, ready to be sealed. */
export function ordersOf(platform: Platform, courier: Courier) {
  return postedBy(platform, courier).map(posted => {
    if ('error' in posted) throw posted.error
    const config = configOf(settingsOf(courier))
    const prepared = prepareOrder(posted.draft, {
      ...{ platform: platform.name, terms: {}, courier: config },
    })
    return { ...prepared, native: posted.native, draft: posted.draft }
  })
}

/** The code with which a step is refused; `done` where it is not. */
export const codeOf = (step: () => unknown): string => {
  try {
    step()
    return 'done'
  } catch (error) {
    return error instanceof GatewayError ? error.code : `no GatewayError: ${String(error)}`
  }
}

const PARCEL = { platformOrder: '6900000000000000001', parcel: '-' }

/** One call of each kind, as it arrives. */
export function callsOf(platform: Platform) {
  const { sandbox } = platform
  const [courier] = servedBy(platform)
  const document = courier === undefined ? sandbox.request : requestFor(platform, courier)
  const calls: Record<string, OutgoingRequest> = {
    orders: signed(platform, document),
    cancel: sandbox.cancel(numberedParcel(platform), signerOf(platform), NOW),
    change: sandbox.changeReceiver(numberedParcel(platform), signerOf(platform), NOW),
  }
  return Object.fromEntries(Object.entries(calls).map(([name, call]) => [name, arrived(call)]))
}

const numberedParcel = (platform: Platform) => ({
  ...PARCEL,
  courier: servedBy(platform)[0]?.name ?? '',
  waybill: 'SF7444463102821',
})
