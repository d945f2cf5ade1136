import { GatewayError } from '../../model/errors.ts'
import type { Region } from '../../model/generated/types.ts'
import { type PersonalText, personalText, reveal } from '../../model/personal-text.ts'
import { isTownName, resolveRegion, type SentDivision } from '../../model/regions.ts'
import { identifier } from '../../translate/codecs.ts'
import type { Numeric } from '../../translate/decimal.ts'
import { clearText, inPlace } from './clear-text.ts'

/** Longest address that personal.json holds, in characters. */
const LONGEST = 600

/** The words for China that are taken; the platform's own list is not public. */
const CHINA = /^(CN|CHN|86|156|中国|)$/

/** The places of a region in either generation of an address, in the order of a row. */
export const regionPlaces = [
  '/countryCode',
  '/countryName',
  '/provinceName',
  '/cityName',
  '/districtName',
  '/townName',
  '/streetName',
  '/provinceCode',
  '/cityCode',
  '/districtCode',
  '/townCode',
  '/streetCode',
] as const

type Id = Numeric | undefined
type Name = string | undefined
type Personal = PersonalText | undefined

type Places = readonly [
  countryCode: Id,
  countryName: Name,
  province: Name,
  city: Name,
  district: Name,
  town: Personal,
  street: Personal,
  provinceCode: Id,
  cityCode: Id,
  districtCode: Id,
  townCode: Id,
  streetCode: Id,
]

/** Where the names and the street address stand in a row, for errors. */
const PROVINCE = 2
const TOWN = 5
const STREET = 6
const TOWN_CODE = 10
const DETAIL = 12

/**
 * A clear address ⇄ region and street address. The fourth level is `town` in the older form and
 * `street` in the newer, which is written.
 *
 * - A street line in its place (not a town's name, or with a digit) is personal: it goes before the
 *   street address, unless that begins with it already.
 * - A town in the place of the county (东莞) is the region's town.
 *
 * @throws {GatewayError} `VALUE_INVALID` for another country, a name that can be no region's, two
 * different towns, a mask; `WIRE_INVALID` for a blank address; `VALUE_TOO_LONG` above 600 characters
 * @see formats/pairs.md section 1
 */
export const clearAddress = {
  name: 'clearAddress',
  to: (written: readonly [...Places, detail: Personal]) => {
    const [places, detail] = [placesOf(written), written[DETAIL]]
    const region = regionOf(places)
    return [region, inPlace(DETAIL, () => clearText(streetOf(places, detail), LONGEST))] as const
  },
  from: ([region, address]: readonly [Region | undefined, Personal]) =>
    [...writeRegion(region), address] as const,
}

/**
 * The region beside ciphers ⇄ region. A street line cannot be sealed there: it is dropped.
 *
 * @throws {GatewayError} as `clearAddress`
 */
export const cipherRegion = {
  name: 'cipherRegion',
  to: (places: Places) => regionOf(places),
  from: (region: Region) => writeRegion(region),
}

function placesOf(written: readonly [...Places, Personal]): Places {
  const [a, b, c, d, e, f, g, h, i, j, k, l] = written
  return [a, b, c, d, e, f, g, h, i, j, k, l]
}

function regionOf(places: Places): Region {
  const [countryCode, countryName, province, city, district, , , ...codes] = places
  if (!CHINA.test(String(countryCode ?? ''))) throw new GatewayError('VALUE_INVALID', '/0')
  if (!CHINA.test(countryName ?? '')) throw new GatewayError('VALUE_INVALID', '/1')
  const line = fourthLevel(places)
  const town = line && isTownName(reveal(line)) ? reveal(line) : undefined
  const sent = [codes[0], codes[1], codes[2], fourthCode(places)]
  return resolved(
    [province, city, district, town].map((name, level) => ({
      name: name ?? '',
      code: codeIn(sent[level]),
    })),
  )
}

/** The town's name, or what callers write in its place. */
function fourthLevel([, , , , , town, street]: Places): Personal {
  const [older, newer] = [town, street].map(line => (line === undefined ? '' : reveal(line).trim()))
  if (older && newer && older !== newer) throw new GatewayError('VALUE_INVALID', `/${STREET}`)
  return newer ? street : town
}

function fourthCode([, , , , , , , , , , town, street]: Places): Id {
  const [older, newer] = [codeIn(town), codeIn(street)]
  if (older && newer && older !== newer) throw new GatewayError('VALUE_INVALID', `/${TOWN_CODE}`)
  return newer ?? older
}

/** A code of a region as text; 0 and `""` are none. */
function codeIn(code: Id): string | undefined {
  const text = code === undefined ? '' : (identifier.to(code, undefined) ?? '')
  return text === '' || text === '0' ? undefined : text
}

/** Errors of the region name its level; here they name the field. */
function resolved([province, city, district, town]: readonly SentDivision[]): Region {
  try {
    return resolveRegion({ province: province ?? { name: '' }, city, district, town })
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    const level = ['province', 'city', 'district', 'town'].indexOf(error.at.split('/')[1] ?? '')
    throw new GatewayError(error.code, `/${level < 0 ? TOWN : PROVINCE + level}`, { cause: error })
  }
}

/** The street address, with the street line that stands in the town's place. */
function streetOf(places: Places, detail: Personal): PersonalText {
  const fourth = fourthLevel(places)
  const line = fourth && !isTownName(reveal(fourth)) ? reveal(fourth).trim() : ''
  const address = detail ? reveal(detail) : ''
  return personalText(address.startsWith(line) ? address : line + address)
}

/** The newer form, without a country. */
function writeRegion(region: Region | undefined) {
  const { province, city, district, town } = region ?? {}
  return [
    undefined,
    undefined,
    province?.name,
    city?.name,
    district?.name,
    undefined,
    town && personalText(town.name),
    province?.code,
    city?.code,
    district?.code,
    undefined,
    town?.code,
  ] as const
}
