import type { RawRequest } from '../../lib/access/request.ts'
import type { Courier } from '../../lib/couriers/courier.ts'
import { prepareOrder } from '../../lib/flow/prepare.ts'
import { GatewayError } from '../../lib/model/errors.ts'
import type { Platform, PostedOrder } from '../../lib/platforms/platform.ts'
import {
  collect,
  credentialOf,
  ordersOf,
  type PlatformLaw,
  requestFor,
  servedBy,
  settingsOf,
  signed,
} from './client.ts'
import { differences, leavesOf, objectsOf, put } from './document.ts'
import { UNKNOWN } from './laws.ts'
import { arrived, configOf } from './lists.ts'
import { marked, marksIn, toldOf, unfit } from './marks.ts'

/** Pointers of a native request at which the clear personal data stands that was read from it. */
function personalPlaces(platform: Platform, courier: Courier): string[] {
  const values = ordersOf(platform, courier).flatMap(({ personal }) =>
    Object.values(personal).flatMap(party => [...leavesOf(party).values()].map(String)),
  )
  const isPart = (value: unknown) =>
    typeof value === 'string' &&
    values.some(one => one === value || (value.length > 3 && one.includes(value)))
  return [...leavesOf(requestFor(platform, courier))]
    .filter(([, value]) => isPart(value))
    .map(([at]) => at)
}

/** Marked fakes in the place of personal data reach the seal's content and nothing else. */
export const marksStaySealed: PlatformLaw = platform =>
  collect(fault => {
    for (const courier of servedBy(platform)) {
      const places = personalPlaces(platform, courier)
      if (places.length < 4) fault(`${courier.name}: the sandbox has no clear personal data`)
      const document = marked(requestFor(platform, courier), places)
      const request = arrived(signed(platform, document))
      const posted = platform.readOrders(request, credentialOf(platform))
      for (const one of posted) {
        if ('error' in one) {
          fault(`${courier.name}: a marked order is refused: ${one.error.message}`)
          continue
        }
        const config = configOf(settingsOf(courier))
        const at = { platform: platform.name, terms: {}, courier: config }
        const { order, personal } = prepareOrder(one.draft, at)
        const waybill = courier.writeWaybill(order, settingsOf(courier))
        if (marksIn(JSON.stringify(personal)).length === 0)
          fault(`${courier.name}: no mark is sealed`)
        for (const [what, open] of Object.entries({ order, waybill, native: one.native }))
          if (marksIn(JSON.stringify(open) ?? '').length > 0) fault(`${what} holds a mark`)
      }
    }
  })

/** What stands in the place of personal data and is refused is told by no error and no answer. */
export const marksStayUntold: PlatformLaw = platform =>
  collect(fault => {
    const [courier] = servedBy(platform)
    if (courier === undefined) return
    const document = requestFor(platform, courier)
    let refused = 0
    for (const at of personalPlaces(platform, courier)) {
      for (const value of unfit) {
        const request = arrived(signed(platform, put(document, at, value)))
        for (const told of tellsOf(platform, request)) {
          refused += 1
          if (marksIn(told).length > 0) fault(`${at}: an error or its answer says the value`)
        }
      }
    }
    if (refused === 0) fault('nothing unfit is refused')
  })

/** All errors that a request meets, with the answers to them. */
function tellsOf(platform: Platform, request: ReturnType<typeof arrived>): string[] {
  try {
    const posted = platform.readOrders(request, credentialOf(platform))
    const failed = posted.flatMap(one => ('error' in one ? [one] : []))
    return failed.map(({ native, error }) => {
      const outcome = { kind: 'failed', error } as const
      const answer = platform.answerOrders([{ native, outcome }], request)
      return toldOf(error) + JSON.stringify(answer)
    })
  } catch (error) {
    if (!(error instanceof GatewayError)) return [`${toldOf(error)} 标记七十七室`]
    return [toldOf(error) + JSON.stringify(platform.fail(error, request))]
  }
}

/**
 * What becomes of members of a request that nobody named: `ignored` where the form is open, `refused`
 * where it is closed, and nothing else.
 */
export function unknownMembers(platform: Platform): 'ignored' | 'refused' | 'carried' {
  const found = new Set<'ignored' | 'refused' | 'carried'>()
  for (const courier of servedBy(platform)) {
    const document = requestFor(platform, courier)
    const before = platform.readOrders(arrived(signed(platform, document)), credentialOf(platform))
    for (const at of objectsOf(document)) {
      const more = put(document, `${at}/${UNKNOWN.name}`, UNKNOWN.value)
      found.add(fateOf(platform, before, arrived(signed(platform, more))))
    }
  }
  if (found.has('carried') || found.size === 0) return 'carried'
  return found.has('refused') ? 'refused' : 'ignored'
}

function fateOf(platform: Platform, before: readonly PostedOrder[], more: RawRequest) {
  try {
    const after = platform.readOrders(more, credentialOf(platform))
    if (after.some(one => 'error' in one)) return 'refused'
    return differences(before, after).length > 0 ? 'carried' : 'ignored'
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    return 'refused'
  }
}

/** A member that nobody named neither passes through nor, where the form is open, breaks the reading. */
export const unknownStops: PlatformLaw = platform =>
  unknownMembers(platform) === 'carried' ? ['an unknown member passes through'] : []
