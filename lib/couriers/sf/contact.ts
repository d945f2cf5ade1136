import { GatewayError } from '../../model/errors.ts'
import type { Party, VirtualNumber } from '../../model/validate.ts'
import { text } from '../../translate/codecs.ts'
import type { Between, Row } from '../../translate/table.ts'
import type { CourierSettings } from '../courier.ts'
import {
  dialled,
  displayName,
  fitting,
  HIDDEN,
  isLandline,
  nativeCity,
  townAndAddress,
  virtualNumberIn,
} from '../shown.ts'
import type { Contact } from './generated/types.ts'

const LONGEST_PHONE = 20
const LONGEST_ADDRESS = 200

/**
 * Rows between an element of `contactInfoList` and a party: masked text, region names and virtual
 * number. Real values, ciphers, tokens and seals have no place in it.
 *
 * @see formats/pairs.md sections 1 and 3
 */
export const contactOf =
  (group: 'sender' | 'receiver') =>
  ({ row, constant, ourLoss }: Between<Contact, Party, CourierSettings>): Row<Contact, Party>[] => [
    constant('/contactType', group === 'sender' ? 1 : 2, { checked: true }),
    row('/contact', '/display/name', displayName(group, 100)),
    row(['/mobile', '/tel'], ['/virtualNumber', '/display/phone'], {
      name: 'phone',
      absent: true,
      to: ([mobile, tel] = [undefined, undefined], { phonePlaceholder }) =>
        readPhone(mobile === phonePlaceholder ? undefined : mobile, tel),
      from: ([virtual, display] = [undefined, undefined], settings) =>
        writePhone(virtual, display, settings),
    }),
    row('/country', ['/region/country/code', '/region/country/name'], {
      name: 'china',
      to: country => (country === 'CN' ? ['CN', '中国'] : refuse()),
      from: ([code, name]) => ((code ?? name) === 'CN' || name === '中国' ? 'CN' : refuse()),
    }),
    row(['/province', '/city'], ['/region/province/name', '/region/city/name'], {
      name: 'municipality',
      to: ([province, city]) => [province, city],
      from: ([province, city]) => [fitting(province, 30, '/0'), cityOf(province, city)],
    }),
    row('/county', '/region/district/name', text(30)),
    row('/address', ['/region/town/name', '/display/address'], townAndAddress(LONGEST_ADDRESS)),
    ourLoss('/display/phone', 'a virtual number, or the agreed placeholder, stands in its field'),
    ourLoss(
      '/display/address',
      'at level region it is not written; else where a town ends is read from the text',
    ),
    ourLoss(
      '/region/town/name',
      'SF has one field for town and address; where a town ends is read from the text',
    ),
    ourLoss(
      '/region/city/name',
      'municipalities are written twice: 市辖区 becomes the name of the province',
    ),
    ourLoss('/region/province/code', 'SF takes names'),
    ourLoss('/region/city/code', 'SF takes names'),
    ourLoss('/region/district/code', 'SF takes names'),
    ourLoss('/region/town/code', 'SF takes names'),
    ourLoss('/region/edition', 'SF takes names'),
    ourLoss('/virtualNumber/expiresAt', 'SF has no field'),
    ourLoss('/protection', 'ciphers, tokens and seals travel beside the document'),
  ]

type Phones = [mobile: string | undefined, tel: string | undefined]
type Numbers = [virtual: VirtualNumber | undefined, display: string | undefined]

/** A virtual number, else the placeholder agreed, else the display: a landline in the field of landlines. */
function writePhone(...[virtual, display, settings]: [...Numbers, CourierSettings]): Phones {
  if (virtual !== undefined) return [fitting(dialled(virtual), LONGEST_PHONE, '/0'), undefined]
  if (settings.phonePlaceholder !== undefined)
    return [fitting(settings.phonePlaceholder, LONGEST_PHONE), undefined]
  const phone = fitting(display ?? HIDDEN.phone, LONGEST_PHONE, '/1')
  return isLandline(phone) ? [undefined, phone] : [phone, undefined]
}

function readPhone(...[mobile, tel]: Phones): Numbers {
  const virtual = virtualNumberIn(mobile)
  if (virtual !== undefined) return [virtual, undefined]
  return [undefined, tel ?? (mobile === HIDDEN.phone ? undefined : mobile)]
}

function cityOf(province: string, city: string | undefined): string | undefined {
  const name = nativeCity(province, city)
  return name === undefined ? undefined : fitting(name, 100, '/1')
}

function refuse(): never {
  throw new GatewayError('VALUE_INVALID')
}
