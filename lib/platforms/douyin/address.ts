import { GatewayError } from '../../model/errors.ts'
import type { Region } from '../../model/generated/types.ts'
import { type PersonalText, personalText, reveal } from '../../model/personal-text.ts'
import { isTownName, resolveRegion, type SentDivision } from '../../model/regions.ts'
import { identifier } from '../../translate/codecs.ts'
import type { Numeric } from '../../translate/decimal.ts'
import { clearText, inPlace, isCipher, joinText, type Split } from './clear-or-cipher.ts'

/** Longest address that personal.json holds, in characters. */
const LONGEST = 600

/** What an address has on both sides, in the order of the rows. */
type Names = readonly [
  country: string | undefined,
  province: string | undefined,
  city: string | undefined,
  district: string | undefined,
  street: PersonalText | undefined,
  detail: PersonalText | undefined,
]

/** The codes of province, city, district and street. */
type Codes = readonly [
  province: Numeric | undefined,
  city: Numeric | undefined,
  district: Numeric | undefined,
  street: Numeric | undefined,
]

/** Where `street` and `detail` stand in the row, for errors. */
const STREET = 4
const DETAIL = 5

/**
 * The sender's address ⇄ region and street address, always clear. @throws as `receiverAddress`
 */
export const senderAddress = {
  name: 'senderAddress',
  to: (names: Names) => {
    const street = streetOf(names)
    return [regionOf(names, []), inPlace(DETAIL, () => clearText(street, LONGEST))] as const
  },
  from: ([region, address]: readonly [Region | undefined, PersonalText | undefined]) =>
    [...namesOf(region), address] as const,
}

/**
 * The receiver's address ⇄ region and either the street address or its cipher.
 *
 * - A street line in `street_name` (not a town's name, or with a digit) is personal: it goes before
 *   the street address, unless that begins with it already. Beside a cipher it is dropped.
 * - A town in the place of the county (东莞) is the region's town.
 *
 * @throws {GatewayError} `VALUE_INVALID` for another country than `CHN`, a name that can be no
 * region's, a mask; `WIRE_INVALID` for a blank address; `VALUE_TOO_LONG` above 600 characters
 * @see formats/pairs.md section 1
 */
export const receiverAddress = {
  name: 'receiverAddress',
  to: (written: readonly [...Names, ...Codes]) => {
    const [country, province, city, district, street, detail, ...codes] = written
    const names: Names = [country, province, city, district, street, detail]
    const region = regionOf(names, codes)
    if (detail && isCipher(detail)) return [region, undefined, reveal(detail)] as const
    return [region, inPlace(DETAIL, () => clearText(streetOf(names), LONGEST)), undefined] as const
  },
  from: ([region, ...address]: readonly [Region | undefined, ...Split]) =>
    [...namesOf(region), joinText(address), ...codesOf(region)] as const,
}

/** A sender has no codes. */
function regionOf(
  [country, province, city, district, street]: Names,
  codes: readonly (Numeric | undefined)[],
): Region {
  if (country !== 'CHN') throw new GatewayError('VALUE_INVALID', '/0')
  const levels = [province, city, district, townIn(street)].map((name, level) => {
    const code = codes[level]
    return { name: name ?? '', code: code === undefined ? code : identifier.to(code, undefined) }
  })
  return resolved(levels)
}

/** Errors of the region name its level; here they name the field. */
function resolved([province, city, district, town]: readonly SentDivision[]): Region {
  try {
    return resolveRegion({ province: province ?? { name: '' }, city, district, town })
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    const level = ['province', 'city', 'district', 'town'].indexOf(error.at.split('/')[1] ?? '')
    throw new GatewayError(error.code, `/${level < 0 ? STREET : level + 1}`, { cause: error })
  }
}

function townIn(street: PersonalText | undefined): string | undefined {
  return street && isTownName(reveal(street)) ? reveal(street) : undefined
}

/** The street address, with the street line that stands in the town's place. */
function streetOf([, , , , street, detail]: Names): PersonalText {
  const line = street && townIn(street) === undefined ? reveal(street).trim() : ''
  const address = detail ? reveal(detail) : ''
  return personalText(address.startsWith(line) ? address : line + address)
}

/** A town without a county stands in the county's place, as Douyin writes 东莞. */
function namesOf(region: Region | undefined) {
  const { province, city, district, town } = region ?? {}
  return [
    region && 'CHN',
    province?.name,
    city?.name ?? '',
    district?.name ?? town?.name ?? '',
    district && town && personalText(town.name),
  ] as const
}

/** Douyin's codes of provinces have two digits. */
function codesOf(region: Region | undefined) {
  const { province, city, district, town } = region ?? {}
  return [
    province?.code?.slice(0, 2),
    city?.code,
    district ? district.code : town?.code,
    district && town?.code,
  ] as const
}
