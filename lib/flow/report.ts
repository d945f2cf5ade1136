import type { RawRequest } from '../access/request.ts'
import { authenticate } from '../access/secrets.ts'
import type { Courier, CourierEvent } from '../couriers/courier.ts'
import { couriers } from '../couriers/index.ts'
import { GatewayError } from '../model/errors.ts'
import type { Event } from '../model/generated/types.ts'
import { eventId } from '../model/order-id.ts'
import { checkEvent } from '../model/validate.ts'
import type { NativeAnswer } from '../platforms/platform.ts'
import type { Head, Proposal, WaybillOwner } from '../store/index.ts'
import { requireCourier, requirePushToken } from './caller.ts'
import { next, type Outcome } from './next.ts'
import { byName, type ExchangePorts } from './ports.ts'
import { requireOn } from './switch.ts'

/**
 * Takes a courier's native push, all or nothing. Pushes move tracking and nothing else: they may be
 * forged. One about an unknown waybill is taken and counted, else the courier repeats it for ever.
 *
 * @throws {GatewayError} `UNAUTHENTICATED`, `WIRE_INVALID`, `STORE_AWAY`
 */
export async function reportEvents(
  ports: ExchangePorts,
  name: string,
  request: RawRequest,
  token: string | undefined,
): Promise<NativeAnswer> {
  const courier = byName(couriers, name)
  requireOn(ports.config.couriers, name)
  await requirePusher(ports, courier, request, token)
  const events = courier.readEvents(request)
  const owners = await ports.store.findByWaybill(
    name,
    events.map(({ waybill }) => waybill),
  )
  const proposals = events.flatMap(event => proposalOf(ports, courier, event, owners))
  const results = await ports.store.changeOrders(proposals)
  const failure = results.find(result => 'error' in result)
  if (failure !== undefined && 'error' in failure) throw failure.error
  const outcomes = results.flatMap(result => ('error' in result ? [] : [result.outcome]))
  const unknown = outcomes.filter(({ kind }) => kind === 'unknown').length
  ports.count('unknown-waybill', unknown + events.length - proposals.length)
  ports.count('moves-though-cancelled', outcomes.filter(one => 'alarm' in one).length)
  return courier.acknowledge()
}

async function requirePusher(
  ports: ExchangePorts,
  courier: Courier,
  request: RawRequest,
  token: string | undefined,
): Promise<void> {
  if (courier.pushes === 'secret-path') {
    if (token === undefined) throw new GatewayError('UNAUTHENTICATED')
    return requirePushToken(ports, courier.name, token)
  }
  if (token !== undefined) throw new GatewayError('UNAUTHENTICATED')
  if (courier.pushes === 'http-signature') {
    await requireCourier(ports, courier.name, request)
    return
  }
  await authenticate(ports.secrets.couriers, courier.name, ({ secret }) => {
    courier.authenticateEvents?.(request, secret === undefined ? [] : [secret], ports.now())
    return true
  })
}

/** The order that a number belongs to; else the one that the push names, for numbers not registered yet. */
function proposalOf(
  ports: ExchangePorts,
  courier: Courier,
  native: CourierEvent,
  owners: ReadonlyMap<string, WaybillOwner>,
): Proposal<Outcome>[] {
  const owner = owners.get(native.waybill)
  const order = owner?.order ?? native.order
  if (order === undefined) return []
  const event = eventOf(courier, order, native)
  const input = {
    kind: 'event',
    courier: courier.name,
    event: event.event,
    waybill: event.waybill,
    role: owner?.role ?? 'box',
    status: event.status,
    at: Date.parse(event.at),
    ...(event.returnWaybill === undefined ? {} : { returnWaybill: event.returnWaybill }),
    document: JSON.stringify(event),
  } as const
  const now = ports.now().getTime()
  return [{ order, decide: (head: Head | undefined) => next(head, input, now) }]
}

function eventOf(courier: Courier, order: string, native: CourierEvent): Event {
  const { key, order: _named, ...told } = native
  return checkEvent({
    event: eventId(courier.name, key),
    order,
    courier: courier.name,
    ...told,
  })
}
