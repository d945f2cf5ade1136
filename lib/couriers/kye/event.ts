import type { RawRequest } from '../../access/request.ts'
import { readJson } from '../../access/strict.ts'
import { checker } from '../../model/validate.ts'
import { identifier, shanghaiTime, textOrAbsent } from '../../translate/codecs.ts'
import { between } from '../../translate/table.ts'
import type { CourierEvent } from '../courier.ts'
import { regionIn } from '../region-place.ts'
import { under } from '../under.ts'
import { BILL, statusOf } from './codes.ts'
import type { Route } from './generated/types.ts'
import { isRoute, isRoutePush } from './generated/validators.js'

const { row, ourConstant, toOursOnly, theirLoss, table } = between<Route, CourierEvent>()

/** The name of a step is a word. What is longer, or speaks of people, may name them. */
const PLAIN_STEP =
  /^(?!.*(?:员|人|先生|女士|小姐|师傅|联系|电话|手机))[\p{Unified_Ideograph}A-Za-z]{1,12}$/u

/**
 * A route node ⇄ tracking event. Riders, signers, texts and fees are not carried.
 *
 * @see formats/kye.md section 7
 */
export const event = table(
  toOursOnly(
    ['/mailno', '/node', '/time', '/step'],
    '/key',
    ([mailno, node, time, step]) => [String(mailno), String(node), String(time), wordOf(step)],
    'KYE numbers no nodes',
  ),
  row('/mailno', '/waybill', identifier),
  toOursOnly(
    ['/node', '/step', '/ecWaybillNumber'],
    '/status',
    ([node, step, back]) => (back ? 'returning' : statusOf(String(node), wordOf(step))),
    'never written',
  ),
  ourConstant('/raw/system', 'kye-node'),
  row(['/node', '/step'], '/raw/code', {
    name: 'nodeAndStep',
    to: ([node, step]) => `${node}:${plainStep(wordOf(step))}`,
    from: code => {
      const [node = '', step] = code.split(':')
      return [Number(node), step || undefined]
    },
  }),
  row('/time', '/at', shanghaiTime),
  row('/currCity', '/place', {
    name: 'city',
    lossy: { theirs: 'only a region is carried' },
    to: regionIn,
    from: place => place.name,
  }),
  row('/ecWaybillNumber', '/returnWaybill', textOrAbsent),
  theirLoss('/step', 'a step that is no plain word may name people'),
  theirLoss('/desc', 'names people'),
  theirLoss('/packager', 'names people'),
  theirLoss('/packagerTel', 'names people'),
  theirLoss('/deliveryName', 'names people'),
  theirLoss('/deliveryPhone', 'names people'),
  theirLoss('/receiver', 'names people'),
  theirLoss('/pickupTime', 'stands in the node of its own'),
  theirLoss('/receiveTime', 'stands in the node of its own'),
  theirLoss('/returnFlag', 'its values are not public'),
  theirLoss('/freightWeight', 'no tracking'),
  theirLoss('/totalFreightAmount', 'no tracking'),
  theirLoss('/totalIncreaseAmount', 'no tracking'),
  theirLoss('/volume', 'no tracking'),
)

/** A step in one line; spaces around it say nothing. */
function wordOf(step: string | undefined): string {
  return (step ?? '').replace(/\p{Cc}+/gu, ' ').trim()
}

function plainStep(step: string): string {
  return PLAIN_STEP.test(step) ? step : ''
}

const checkPush = checker(isRoutePush, 'WIRE_INVALID')
const checkRoute = checker(isRoute, 'WIRE_INVALID')

/**
 * Reads a push of route nodes, all or nothing. Bills are left out.
 *
 * @throws {GatewayError} `MALFORMED` for what is no JSON, `WIRE_INVALID` for another document,
 *   `VALUE_INVALID` for a day the calendar does not have
 */
export function readEvents(request: RawRequest): CourierEvent[] {
  return checkPush(readJson(request.body)).flatMap((pushed, n) =>
    String(pushed.node) === BILL ? [] : [under(`/${n}`, () => event.toOurs(checkRoute(pushed)))],
  )
}
