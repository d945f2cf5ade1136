import { HIDDEN_ADDRESS } from '../../mask/mask.ts'
import { GatewayError } from '../../model/errors.ts'
import { isTownName, nativeCityName } from '../../model/regions.ts'
import type { Party, VirtualNumber } from '../../model/validate.ts'
import { text } from '../../translate/codecs.ts'
import type { AbsentCodec, Between, Row } from '../../translate/table.ts'
import type { CourierSettings } from '../courier.ts'
import type { Contact } from './generated/types.ts'
import { fitting } from './limit.ts'

/** What stands where only a cipher, a token or the order number came. */
export const HIDDEN = {
  sender: '寄件人',
  receiver: '收件人',
  phone: '***********',
  address: '详细地址保密',
}

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
    row('/contact', '/display/name', displayName(HIDDEN[group])),
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
    row('/address', ['/region/town/name', '/display/address'], {
      name: 'townAndAddress',
      absent: true,
      to: address => readAddress(address),
      from: ([town, address] = [undefined, undefined], { displayLevel }) =>
        writeAddress(town, address, displayLevel),
    }),
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

const displayName = (hidden: string): AbsentCodec<string, string> => ({
  name: 'displayName',
  absent: true,
  to: contact => (contact === hidden ? undefined : contact),
  from: name => (name === undefined ? hidden : fitting(name, 100)),
})

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
  const [, number, extension] = /^(\d{5,15})(?:-(\d{1,8}))?$/.exec(mobile ?? '') ?? []
  if (number !== undefined)
    return [extension === undefined ? { number } : { number, extension }, undefined]
  return [undefined, tel ?? (mobile === HIDDEN.phone ? undefined : mobile)]
}

function dialled({ number, extension }: VirtualNumber): string {
  return extension === undefined ? number : `${number}-${extension}`
}

/** An area code begins with one zero, a mobile number with none, a country code with two. */
function isLandline(phone: string): boolean {
  return /^0(?!0)/.test(phone)
}

function cityOf(province: string, city: string | undefined): string | undefined {
  const country = { name: '中国' }
  const above = { country, province: { name: province } }
  const name = nativeCityName(city === undefined ? above : { ...above, city: { name: city } })
  return name === undefined ? undefined : fitting(name, 100, '/1')
}

function writeAddress(
  town: string | undefined,
  address: string | undefined,
  level: CourierSettings['displayLevel'],
): string {
  if (address === undefined) return fitting((town ?? '') + HIDDEN.address, LONGEST_ADDRESS)
  if (level === 'region') return fitting(town ?? HIDDEN.address, LONGEST_ADDRESS)
  return fitting((town ?? '') + address, LONGEST_ADDRESS, '/1')
}

/** Splits behind the shortest beginning, of two characters at least, that is a town's name; a town alone had a hidden address. */
function readAddress(written = ''): [town: string | undefined, address: string | undefined] {
  const lengths = Array.from({ length: written.length }, (_, n) => n + 2)
  const end = lengths.find(length => isTownName(written.slice(0, length))) ?? 0
  const town = written.slice(0, end) || undefined
  const address = written.slice(end)
  return [town, address === HIDDEN.address ? undefined : address || (town && HIDDEN_ADDRESS)]
}

function refuse(): never {
  throw new GatewayError('VALUE_INVALID')
}
