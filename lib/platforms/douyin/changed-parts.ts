import type { DraftParty } from '../../model/draft.ts'
import { GatewayError } from '../../model/errors.ts'
import { personalText, reveal } from '../../model/personal-text.ts'
import type { ChangedParts } from '../platform.ts'
import type { TheirOrder, UpdateRequest } from './generated/types.ts'
import { textOf } from './identity.ts'
import { order } from './order-mapping.ts'
import { protectedOnce } from './read-orders.ts'
import type { Terms } from './service-list.ts'

const somebody = personalText('某某')
const somewhere = {
  country_code: 'CHN',
  province_name: '北京市',
  city_name: '北京市',
  detail_address: personalText('某处'),
}

/** Stands where an update says nothing; nothing of it is taken. */
const UNSAID = { address: somewhere, contact: { name: somebody, mobile: personalText('1') } }

/**
 * What an update changes. It is read as the order that it would be, by the table that reads orders,
 * and only what the update itself holds is taken. A party changes as a whole.
 *
 * @throws {GatewayError} `VALUE_INVALID` at the place, also for a remark alone: the old one is sealed
 *   together with the receiver
 */
export function changedParts(update: UpdateRequest, timestamp: string, terms: Terms): ChangedParts {
  const { sender_info, receiver_info, items, weight, volume, remark } = update
  const said = remark !== undefined && reveal(remark) !== ''
  if (said && receiver_info === undefined) throw new GatewayError('VALUE_INVALID', '/remark')
  const read = inPlace(() => protectedOnce(order.toOurs(orderOf(update, timestamp), terms)))
  const { sender, receiver, goods, weightGrams, volumeCm3 } = read
  const parts = {
    ...(sender_info === undefined ? {} : { sender }),
    ...(receiver_info === undefined ? {} : { receiver: withoutOrder(receiver) }),
    ...(items === undefined ? {} : { goods }),
    ...(weight === undefined || weightGrams === undefined ? {} : { weightGrams }),
    ...(volume === undefined || volumeCm3 === undefined ? {} : { volumeCm3 }),
  }
  if (Object.keys(parts).length === 0) throw new GatewayError('WIRE_INVALID', '/receiver_info')
  return parts
}

/** Ciphers belong to the order that was posted, and an update need not name it. */
function withoutOrder(party: DraftParty): DraftParty {
  const { protection } = party
  if (protection?.kind !== 'platform-cipher') return party
  const fields = Object.fromEntries(
    Object.entries(protection.fields).map(([name, { value }]) => [name, { value, authRef: '' }]),
  )
  return { ...party, protection: { kind: 'platform-cipher', fields } }
}

function orderOf(update: UpdateRequest, timestamp: string): TheirOrder {
  const { logistics_code, sender_info, receiver_info, items, weight, volume, remark } = update
  return {
    timestamp,
    logistics_code,
    sender_info: sender_info ?? UNSAID,
    order_info: {
      order_id: '0',
      receiver_info: receiver_info ?? UNSAID,
      items: items ?? [{ item_name: '-', item_count: 1 }],
      ...(weight === undefined ? {} : { total_weight: textOf(weight) }),
      ...(volume === undefined ? {} : { volume }),
      ...(remark === undefined ? {} : { remark }),
    },
  }
}

/** The table sees the order that the update stands in; the update has its members at the top. */
function inPlace<T>(step: () => T): T {
  try {
    return step()
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    const at = error.at.replace(/^\/order_info(?=\/)/, '').replace(/^\/total_weight$/, '/weight')
    throw new GatewayError(error.code, at, { cause: error })
  }
}
