import type { RawRequest } from '../../access/request.ts'
import { readJson } from '../../access/strict.ts'
import { type PersonalText, reveal } from '../../model/personal-text.ts'
import { checker } from '../../model/validate.ts'
import { identifier, shanghaiTime } from '../../translate/codecs.ts'
import { between } from '../../translate/table.ts'
import type { CourierEvent } from '../courier.ts'
import { under } from '../under.ts'
import { statuses } from './codes.ts'
import type { Route } from './generated/types.ts'
import { isRoutePush } from './generated/validators.js'
import { nextOf, placeOf } from './place.ts'

const { row, ourConstant, toOursOnly, table } = between<Route, CourierEvent>()

const OUR_ORDER = /^o_[a-z2-7]{26}$/

/**
 * A route node ⇄ tracking event. Its text names riders with their phones and is not carried; only a
 * site may be read from it.
 *
 * @see formats/sf.md section 7
 */
export const event = table(
  row('/id', '/key/0', identifier),
  row('/mailno', '/waybill', identifier),
  row('/orderid', '/order', {
    name: 'ourOrder',
    lossy: { theirs: 'order numbers that are none of ours are not carried' },
    to: number => (OUR_ORDER.test(number) ? number : undefined),
    from: order => order,
  }),
  row('/acceptTime', '/at', shanghaiTime),
  ourConstant('/raw/system', 'sf-opcode'),
  row('/opCode', '/raw/code', identifier),
  toOursOnly(
    '/opCode',
    '/status',
    code => statuses.get(String(code)) ?? 'unknown',
    'never written',
  ),
  toOursOnly(
    ['/opCode', '/acceptAddress', '/remark'],
    '/place',
    ([code, address, remark]) => placeOf(String(code), address, textOf(remark)),
    'only a region is carried, never an address',
  ),
  toOursOnly(
    ['/opCode', '/remark'],
    '/next',
    ([code, remark]) => nextOf(String(code), textOf(remark)),
    'the text names people',
  ),
)

const checkPush = checker(isRoutePush, 'WIRE_INVALID')

/**
 * Reads a push of route nodes, all or nothing. It is JSON whatever its content type says; the older
 * XML push is refused.
 *
 * @throws {GatewayError} `MALFORMED` for what is no JSON, `WIRE_INVALID` for another document,
 *   `VALUE_INVALID` for a day the calendar does not have
 */
export function readEvents(request: RawRequest): CourierEvent[] {
  const { WaybillRoute: given } = checkPush(readJson(request.body)).Body
  if (!Array.isArray(given)) return [under('/Body/WaybillRoute', () => event.toOurs(given))]
  return given.map((node, n) => under(`/Body/WaybillRoute/${n}`, () => event.toOurs(node)))
}

/** Read to find a site in it, and nothing else. */
function textOf(remark: string | PersonalText | undefined): string | undefined {
  return remark === undefined || typeof remark === 'string' ? remark : reveal(remark)
}
