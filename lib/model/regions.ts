import { GatewayError } from './errors.ts'
import type { Division, Region } from './generated/types.ts'
import {
  type Below,
  COUNTY_GROUP,
  findBelow,
  type Meant,
  type SentDivision,
} from './region-find.ts'
import { edition, isWithoutCities, type Place, provinceNamed } from './region-list.ts'
import { isRegionName, isTownName } from './region-names.ts'

export type { SentDivision } from './region-find.ts'
export { isTownName } from './region-names.ts'

/** The divisions of an address as a partner sends them; an empty name is an absent division. */
export interface SentRegion {
  province: SentDivision
  city?: SentDivision | undefined
  district?: SentDivision | undefined
  town?: SentDivision | undefined
}

/** What platforms write where a county hangs directly under its province, and where there is no county. */
const NO_CITY = /直辖县级|^[省区]直辖/
const NO_DISTRICT = /^(?:区|其它区|其他区|市辖区)$/

/**
 * The region object of party.json from the names and codes that a partner sent.
 *
 * Names stay as sent. A province, city or county has the code of the list when its name resolves
 * below its parent without doubt; a sent code decides only between two places of one short name, so
 * fillers and contradictions fall away. A name that is not in the list stays without a code: new
 * counties appear every year. Towns are in no list here: a town's code stays when it has nine
 * digits and begins with its county's.
 *
 * What hangs directly under a province (济源市 419001) is the `city`, without `district`. Below
 * it, and below a city without counties (东莞), stand towns: one in the county's place is `town`.
 *
 * @example resolveRegion({ province: { name: '福建', code: '35' } }).province // {name: '福建', code: '350000'}
 * @throws {GatewayError} `VALUE_INVALID` at a name that is missing or cannot be a region's: a digit
 * or a phone in it, over 20 characters, a street line.
 * @see design section 3, "Regions"; GB/T 2260
 */
export function resolveRegion(sent: SentRegion, at = ''): Region {
  const province = readName(sent.province, `${at}/province`)
  if (province === undefined) throw new GatewayError('VALUE_INVALID', `${at}/province/name`)
  const below = readBelow(sent, at)
  const place = provinceNamed(province.name)
  // Provinces are a closed list: whatever else stands there, such as a person's name, stays out.
  if (place === undefined) throw new GatewayError('VALUE_INVALID', `${at}/province/name`)
  return withCodes(province, place, below)
}

/**
 * The city as couriers write it: the municipality's own name where the region has no city or only
 * `市辖区` or `县`; `undefined` where there is none to write.
 *
 * @example nativeCityName(region) // '北京市' for 北京市 / 市辖区 / 海淀区
 * @see formats/pairs.md section 1, "Regions"
 */
export function nativeCityName({ province, city }: Region): string | undefined {
  if (city !== undefined) return COUNTY_GROUP.test(city.name) ? province.name : city.name
  const place = provinceNamed(province.name)
  return place !== undefined && isWithoutCities(place) ? province.name : undefined
}

function readName(
  sent: SentDivision | undefined,
  at: string,
  isName: (text: string) => boolean = isRegionName,
): SentDivision | undefined {
  const name = sent?.name.trim() ?? ''
  if (name === '') return undefined
  if (!isName(name)) throw new GatewayError('VALUE_INVALID', `${at}/name`)
  return { name, code: sent?.code }
}

function readBelow(sent: SentRegion, at: string): Below<SentDivision> {
  const district = NO_DISTRICT.test(sent.district?.name ?? '')
    ? undefined
    : readName(sent.district, `${at}/district`)
  const town = readName(sent.town, `${at}/town`, isTownName)
  if (NO_CITY.test(sent.city?.name ?? '')) return { city: district, town }
  return { city: readName(sent.city, `${at}/city`), district, town }
}

function withCodes(sent: SentDivision, province: Place, below: Below<SentDivision>): Region {
  const { city, district, town } = findBelow(province, below)
  const cityCode = city?.place?.code ?? groupCode(province, city, district)
  return {
    ...country(),
    province: division(sent.name, province.code),
    ...(city && { city: division(city.sent.name, cityCode) }),
    ...(district && { district: division(district.sent.name, district.place?.code) }),
    ...(town && { town: division(town.name, townCode(town, cityCode, district)) }),
    edition,
  }
}

function country(): Pick<Region, 'country'> {
  return { country: { name: '中国', code: 'CN' } }
}

function division(name: string, code?: string): Division {
  return code === undefined ? { name } : { name, code }
}

/**
 * 110100 and 500200 are groups of counties and no places of the list. A county that was found below
 * a city that is no place tells its group; else only the name 市辖区 does.
 */
function groupCode(
  province: Place,
  city: Meant | undefined,
  district: Meant | undefined,
): string | undefined {
  if (city === undefined) return undefined
  const group = district?.place?.code.slice(2, 4) ?? (city.sent.name === '市辖区' ? '01' : '00')
  return group === '00' ? undefined : `${province.code.slice(0, 2)}${group}00`
}

/** Nine digits, or twelve that end in 000; not more is known of a town than where it must lie. */
function townCode(
  town: SentDivision,
  city: string | undefined,
  district: Meant | undefined,
): string | undefined {
  const code = /^(\d{6}(?!000)\d{3})(?:000)?$/.exec(town.code ?? '')?.[1]
  const parent = district?.place?.code ?? city?.replace(/00$/, '')
  return parent !== undefined && code?.startsWith(parent) ? code : undefined
}
