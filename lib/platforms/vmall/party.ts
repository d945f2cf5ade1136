import type { DraftParty } from '../../model/draft.ts'
import { GatewayError } from '../../model/errors.ts'
import type { Region } from '../../model/generated/types.ts'
import { type PersonalText, personalText, reveal } from '../../model/personal-text.ts'
import { isTownName, resolveRegion, type SentDivision } from '../../model/regions.ts'
import { personalOrAbsent } from '../../translate/codecs.ts'
import type { Between, Row } from '../../translate/table.ts'
import type { TheirParty } from './generated/types.ts'

/** Longest address that personal.json holds, in characters. */
const LONGEST = 600
/** What masks are made of: a star, and its full-width form. */
const STAR = /[*＊]/
const LEVELS = ['province', 'city', 'district', 'town']
const CODES = 'come back as the names resolve'
const FILLERS = 'fillers are left out, a town in this place is the town'

/** Names, street address and codes, in the order of the row. */
type Address = readonly [
  province: string | undefined,
  city: string | undefined,
  district: string | undefined,
  town: PersonalText | undefined,
  detail: PersonalText | undefined,
  ...codes: (string | undefined)[],
]

/** The rows of a party, sender or receiver: always clear, to be sealed here. */
export function partyRows<C>({
  row,
  theirLoss,
}: Between<TheirParty, DraftParty, C>): Row<TheirParty, DraftParty>[] {
  return [
    row('/name', '/personal/name', name),
    row(['/mobile', '/phone'], ['/personal/phone', '/personal/telephone'], phones),
    row('/company', '/personal/company', personalOrAbsent),
    row(
      [
        '/province',
        '/city',
        '/district',
        '/town',
        '/detail',
        '/provinceCode',
        '/cityCode',
        '/districtCode',
        '/townCode',
      ],
      ['/region', '/personal/address'],
      address,
    ),
    theirLoss('/city', FILLERS),
    theirLoss('/district', FILLERS),
    theirLoss('/town', 'a street line goes before the street address'),
    theirLoss('/detail', 'a street line that stood in the place of a town goes before it'),
    theirLoss('/provinceCode', CODES),
    theirLoss('/cityCode', CODES),
    theirLoss('/districtCode', CODES),
    theirLoss('/townCode', CODES),
  ]
}

/** A name, clear. @throws {GatewayError} as `clearText` */
const name = {
  name: 'name',
  to: (text: PersonalText) => clearText(text),
  from: (text: PersonalText) => text,
}

type Phones = readonly [mobile: PersonalText | undefined, landline: PersonalText | undefined]

/**
 * `mobile` and `phone` ⇄ phone and telephone, at least one of them; blank is none.
 *
 * @throws {GatewayError} `VALUE_INVALID` for neither, or a mask
 */
const phones = {
  name: 'phones',
  absent: true,
  to: (written: Phones | undefined): Phones => {
    const [mobile, landline] = (written ?? []).map(text =>
      text === undefined || reveal(text).trim() === '' ? undefined : text,
    )
    if (mobile === undefined && landline === undefined) throw new GatewayError('VALUE_INVALID')
    return [
      mobile && inPlace(0, () => clearText(mobile)),
      landline && inPlace(1, () => clearText(landline)),
    ]
  },
  from: (both: Phones | undefined) => both,
} as const

/**
 * The nine fields of an address ⇄ region and street address.
 *
 * @throws {GatewayError} `VALUE_INVALID` for a name that can be no region's, or a mask; `WIRE_INVALID`
 * for a blank address; `VALUE_TOO_LONG` above 600 characters
 * @see formats/pairs.md section 1
 */
const address = {
  name: 'address',
  to: (written: Address) => {
    const [, , , town, detail] = written
    return [regionOf(written), inPlace(4, () => clearText(streetOf(town, detail)))] as const
  },
  from: ([region, street]: readonly [Region | undefined, PersonalText | undefined]) => {
    const { province, city, district, town } = region ?? {}
    const codes = [province?.code, city?.code, district?.code, town?.code] as const
    const townName = town && personalText(town.name)
    return [province?.name, city?.name, district?.name, townName, street, ...codes] as const
  },
}

function regionOf([province, city, district, town, , ...codes]: Address): Region {
  const names = [province, city, district, townIn(town)]
  const [first = { name: '' }, ...below] = names.map(
    (name, n): SentDivision => ({ name: name ?? '', code: codes[n] }),
  )
  try {
    return resolveRegion({ province: first, city: below[0], district: below[1], town: below[2] })
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    const level = LEVELS.indexOf(error.at.split('/')[1] ?? '')
    throw new GatewayError(error.code, `/${Math.max(level, 0)}`, { cause: error })
  }
}

function townIn(town: PersonalText | undefined): string | undefined {
  return town && isTownName(reveal(town)) ? reveal(town) : undefined
}

/** The street address, with the street line that stands in the town's place before it. */
function streetOf(town: PersonalText | undefined, detail: PersonalText | undefined): PersonalText {
  const line = town && townIn(town) === undefined ? reveal(town).trim() : ''
  const street = detail ? reveal(detail) : ''
  return personalText(street.startsWith(line) ? street : line + street)
}

/**
 * The text as it is, if it is clear and can be somebody's: `张*` and `138****1234` cannot.
 *
 * @throws {GatewayError} `WIRE_INVALID` for nothing but space, `VALUE_INVALID` for a mask,
 * `VALUE_TOO_LONG` above 600 characters; what is shorter by law the schema has checked
 */
function clearText(text: PersonalText): PersonalText {
  const value = reveal(text)
  if (value.trim() === '') throw new GatewayError('WIRE_INVALID')
  if (STAR.test(value)) throw new GatewayError('VALUE_INVALID')
  if (value.length > LONGEST && [...value].length > LONGEST)
    throw new GatewayError('VALUE_TOO_LONG')
  return text
}

/** A step of a codec of several places: its errors name the place, `/1` is the second. */
function inPlace<T>(place: number, step: () => T): T {
  try {
    return step()
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    throw new GatewayError(error.code, `/${place}`, { cause: error })
  }
}
