import { GatewayError } from '../model/errors.ts'
import type { Order, Party } from '../model/validate.ts'
import type { Courier, CourierSettings, FieldForm, Takes } from './courier.ts'

const groups = ['sender', 'receiver'] as const
const fields = ['name', 'phone', 'address'] as const

type Field = (typeof fields)[number]

/**
 * Refuses an order whose waybill would hold what the courier's intake takes not: masked text, say, in
 * a phone field. What the operator agreed, `settings.takes`, stands in a field's stead.
 *
 * @throws {GatewayError} `DISPLAY_REFUSED` at the first such field, such as `/receiver/display/phone`
 * @see formats/pairs.md section 3
 */
export function checkTakes(
  order: Pick<Order, 'sender' | 'receiver'>,
  courier: Pick<Courier, 'takes'>,
  settings: CourierSettings,
): void {
  const takes = { ...courier.takes, ...settings.takes }
  for (const group of groups) {
    const forms = formsOf(order[group], takes, settings)
    const refused = fields.find(field => !takes[field].includes(forms[field]))
    if (refused !== undefined)
      throw new GatewayError('DISPLAY_REFUSED', `/${group}/display/${refused}`)
  }
}

/** In which form each field of a party stands on a waybill: as the couriers' folders write it. */
function formsOf(
  party: Party,
  takes: Takes,
  { phonePlaceholder, displayLevel }: CourierSettings,
): Record<Field, FieldForm> {
  const plain = (field: Field): FieldForm => {
    if (party.display !== undefined) return 'masked'
    const isToken = party.protection.kind === 'platform-token' && takes[field].includes('token')
    return isToken ? 'token' : 'fixed'
  }
  const address = plain('address')
  return {
    name: plain('name'),
    phone: phoneForm(party, phonePlaceholder) ?? plain('phone'),
    // At level `region` the town alone is written, or the fixed text.
    address: address === 'masked' && displayLevel === 'region' ? 'fixed' : address,
  }
}

function phoneForm(party: Party, placeholder: string | undefined): FieldForm | undefined {
  if (party.virtualNumber !== undefined) return 'virtual-number'
  return placeholder === undefined ? undefined : 'placeholder'
}
