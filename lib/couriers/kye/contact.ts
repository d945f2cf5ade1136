import { GatewayError } from '../../model/errors.ts'
import type { Party, VirtualNumber } from '../../model/validate.ts'
import type { Between, Row } from '../../translate/table.ts'
import type { CourierSettings } from '../courier.ts'
import {
  dialled,
  displayName,
  HIDDEN,
  isLandline,
  nativeCity,
  townAndAddress,
  virtualNumberIn,
} from '../shown.ts'
import type { Contact } from './generated/types.ts'

/**
 * Rows between a party of an order at KYE and one of ours: masked text, region names and virtual
 * number. Real values, ciphers, tokens and seals have no place in it.
 *
 * @see formats/pairs.md sections 1 and 3
 */
export const contactOf =
  (group: 'sender' | 'receiver') =>
  ({ row, constant, ourLoss }: Between<Contact, Party, CourierSettings>): Row<Contact, Party>[] => [
    constant('/companyName', ''),
    row('/person', '/display/name', displayName(group)),
    row(['/phone', '/mobile'], ['/virtualNumber', '/display/phone'], {
      name: 'phone',
      absent: true,
      to: (phones, { phonePlaceholder }) => readPhone(phones?.[0], phones?.[1], phonePlaceholder),
      from: ([virtual, display] = [undefined, undefined], settings) =>
        writePhone(virtual, display, settings),
    }),
    row(
      ['/provinceName', '/cityName'],
      [
        '/region/country/code',
        '/region/country/name',
        '/region/province/name',
        '/region/city/name',
      ],
      {
        name: 'china',
        to: ([province, city]) => ['CN', '中国', province, city],
        from: ([code, name, province, city]) => {
          if ((code ?? name) !== 'CN' && name !== '中国') throw new GatewayError('VALUE_INVALID')
          return [province, province === undefined ? undefined : nativeCity(province, city)]
        },
      },
    ),
    row('/countyName', '/region/district/name'),
    row('/address', ['/region/town/name', '/display/address'], townAndAddress()),
    ourLoss('/display/phone', 'a virtual number, or the agreed placeholder, stands in its field'),
    ourLoss(
      '/display/address',
      'at level region it is not written; else where a town ends is read from the text',
    ),
    ourLoss(
      '/region/town/name',
      'KYE has one field for town and address; where a town ends is read from the text',
    ),
    ourLoss(
      '/region/city/name',
      'municipalities are written twice: 市辖区 becomes the name of the province',
    ),
    ourLoss('/region/province/code', 'KYE takes names'),
    ourLoss('/region/city/code', 'KYE takes names'),
    ourLoss('/region/district/code', 'KYE takes names'),
    ourLoss('/region/town/code', 'KYE takes names'),
    ourLoss('/region/edition', 'KYE takes names'),
    ourLoss('/virtualNumber/expiresAt', 'KYE has no field'),
    ourLoss('/protection', 'ciphers, tokens and seals travel beside the document'),
  ]

type Phones = [phone: string, mobile: string]
type Numbers = [virtual: VirtualNumber | undefined, display: string | undefined]

/** A virtual number, else the placeholder agreed, else the display: a landline in the field of landlines. */
function writePhone(...[virtual, display, settings]: [...Numbers, CourierSettings]): Phones {
  if (virtual !== undefined) return ['', dialled(virtual)]
  if (settings.phonePlaceholder !== undefined) return ['', settings.phonePlaceholder]
  const phone = display ?? HIDDEN.phone
  return isLandline(phone) ? [phone, ''] : ['', phone]
}

function readPhone(phone?: string, mobile?: string, placeholder?: string): Numbers {
  const written = phone || (mobile === placeholder ? undefined : mobile)
  const virtual = virtualNumberIn(written)
  if (virtual !== undefined) return [virtual, undefined]
  return [undefined, written === HIDDEN.phone ? undefined : written || undefined]
}
