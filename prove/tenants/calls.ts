import { signedBy } from '../../lib/cli/http-key.ts'
import { tokenIssuer } from '../../lib/cli/station-client.ts'
import { workingDay } from '../../lib/custody/day.ts'
import { platforms } from '../../lib/platforms/index.ts'
import type { OutgoingRequest, Platform } from '../../lib/platforms/platform.ts'
import { callCourier, callPlatform, type PlatformCall } from './send.ts'
import type { CallName } from './table.ts'
import { before, courierNamed, parcelOf, statementOf, type Thing } from './things.ts'
import { type Keys, ORIGIN, type Stage } from './world.ts'

/** Makes a call at a partner's address about a thing, with somebody's keys. */
export type MakeCall = (
  stage: Stage,
  at: string,
  keys: Keys,
  thing: Thing,
  way: 'own' | 'http',
) => Promise<OutgoingRequest>

const ofPlatform =
  (call: (thing: Thing) => PlatformCall): MakeCall =>
  (_stage, at, keys, thing, way) =>
    callPlatform(platformNamed(at), keys, call(thing), way)

const ofCourier =
  (method: string, path: string, document: (thing: Thing) => unknown): MakeCall =>
  (_stage, at, keys, thing) =>
    callCourier(at, keys, method, path, document(thing))

/** How each call of the table is made. */
export const makers: Readonly<Record<Exclude<CallName, 'release'>, MakeCall>> = {
  'post its number': (_stage, at, keys, thing, way) => {
    const { document } = thing
    return callPlatform(platformNamed(at), keys, { kind: 'post', document }, way)
  },
  'cancel by order number': ofPlatform(thing => ({ kind: 'cancel', parcel: parcelOf(thing) })),
  'cancel by waybill': ofPlatform(thing => ({
    kind: 'cancel',
    parcel: { ...parcelOf(thing), waybill: thing.waybill },
  })),
  'change by order number': ofPlatform(thing => ({ kind: 'change', parcel: parcelOf(thing) })),
  'events from its entry on': ofPlatform(({ event }) => ({
    ...{ kind: 'events', after: before(event) },
  })),
  'acknowledge its event': ofPlatform(({ event }) => ({ kind: 'acks', ids: [event] })),
  'state of its number': ofPlatform(({ platformOrder, shop }) => ({
    ...{ kind: 'state', platformOrder, shop },
  })),
  'waybills from its entry on': (_stage, at, keys, { entry }) =>
    callCourier(at, keys, 'GET', `/waybills?after=${before(entry)}`),
  'answer its entry': ofCourier('POST', '/answers', ({ entry, answer }) => ({
    answers: [{ id: entry, document: JSON.parse(answer) }],
  })),
  'acknowledge its entry': ofCourier('POST', '/waybills/acks', ({ entry }) => ({ ids: [entry] })),
  'park its entry': ofCourier('POST', '/waybills/parked', ({ entry }) => ({ ids: [entry] })),
  'assign it': (stage, at, keys, thing) => {
    const assignments = [statementOf(stage, at, thing, 'station-2', 2)]
    return callCourier(at, keys, 'POST', '/assignments', { assignments })
  },
  'push its waybill': (_stage, at, keys, { waybill }) =>
    pushed(at, keys, `o_${'a'.repeat(26)}`, waybill),
  'push its order': (_stage, at, keys, { order }) => pushed(at, keys, order, 'SF9999999999999'),
}

async function pushed(
  at: string,
  keys: Keys,
  order: string,
  waybill: string,
): Promise<OutgoingRequest> {
  const { sandbox, pushes } = courierNamed(at)
  const now = new Date()
  const parcel = {
    order,
    waybill,
    start: new Date(now.getTime() - 3_600_000),
    now,
    secret: keys.secret,
  }
  const [first] = sandbox.pushes(parcel)
  if (first === undefined) throw new Error(`${at} pushes nothing`)
  if (pushes === 'http-signature') return signedBy(ORIGIN, keys.http, first)
  return pushes === 'signed' ? first : { ...first, path: `${first.path}/${keys.pushToken}` }
}

/** A station's call for seal and capsule, with the token that its own courier gave it. */
export function releaseCall(
  stage: Stage,
  at: string,
  from: { readonly courier: string; readonly hop: string } | undefined,
  hop: string,
  { order }: Thing,
): OutgoingRequest {
  const path = `/v1/couriers/${at}/hops/${hop}/orders/${order}?group=receiver`
  const headers = from === undefined ? {} : { authorization: `Bearer ${tokenOf(stage, from)}` }
  return { method: 'GET', path, headers, body: '' }
}

/** The release token of a hop. */
export function tokenOf({ world }: Stage, from: { courier: string; hop: string }): string {
  const identity = world.identities.couriers[from.courier]
  const contract = world.config.couriers[from.courier]
  if (identity === undefined || contract === undefined) throw new Error('no such courier')
  const issuer = tokenIssuer(contract.issuer.url, identity)
  return issuer.tokens(from.hop, workingDay(new Date())).releaseToken
}

/** The platform of the slug. */
export function platformNamed(name: string): Platform {
  const found = platforms.find(one => one.name === name)
  if (found === undefined) throw new Error(`no platform ${name}`)
  return found
}
