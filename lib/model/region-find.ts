import { isWithoutCities, type Place, placeBelow, provinceNamed } from './region-list.ts'
import { isTownName } from './region-names.ts'

/** A division as a partner sends it: `{name: '思明区', code: '350203'}`. */
export interface SentDivision {
  name: string
  code?: string | undefined
}

/** A sent division, and the place of the list that it means, when that is without doubt. */
export interface Meant {
  sent: SentDivision
  place?: Place | undefined
}

/** The divisions below a province. */
export interface Below<T> {
  city?: T | undefined
  district?: T | undefined
  town?: SentDivision | undefined
}

/** The two groups of counties in a municipality, in the place of a city: 市辖区, 县. */
export const COUNTY_GROUP = /^(?:市辖区|县)$/

/**
 * Finds the places of city and county below a province, and moves what stands a level too low: a
 * county directly under its province is the city, a town below a city without counties the town.
 *
 * @example findBelow(henan, { district: { name: '济源市' } }).city?.place?.code // '419001'
 */
export function findBelow(province: Place, sent: Below<SentDivision>): Below<Meant> {
  const find = isWithoutCities(province) ? findInMunicipality : findInProvince
  return moveTown(find(province, sent))
}

/** The city is the province itself, a group of its counties, or a name of its own (九龙). */
function findInMunicipality(province: Place, sent: Below<SentDivision>): Below<Meant> {
  const { city, district, town } = sent
  const isItself =
    city === undefined || COUNTY_GROUP.test(city.name) || provinceNamed(city.name) === province
  if (!isItself) return findInCity(province, city, sent)
  return { city: city && { sent: city }, district: district && meant(province, district), town }
}

/** What is found directly below the province is the city, also where the county stands. */
function findInProvince(province: Place, sent: Below<SentDivision>): Below<Meant> {
  const { city, district, town } = sent
  if (city !== undefined && !COUNTY_GROUP.test(city.name)) return findInCity(province, city, sent)
  if (district === undefined) return { town }
  const found = meant(province, district)
  return found.place === undefined ? { district: found, town } : { city: found, town }
}

function findInCity(
  province: Place,
  sent: SentDivision,
  { district, town }: Below<SentDivision>,
): Below<Meant> {
  const city = meant(province, sent)
  return { city, district: district && meant(city.place, district), town }
}

function meant(parent: Place | undefined, sent: SentDivision): Meant {
  return { sent, place: parent && placeBelow(parent, sent) }
}

function moveTown(found: Below<Meant>): Below<Meant> {
  const { city, district, town } = found
  if (city?.place === undefined || city.place.below.length > 0 || !district) return found
  const { sent } = district
  if (sent.name === city.sent.name || sent.name === city.place.name) return { city, town }
  const isTown = isTownName(sent.name) && (town?.name ?? sent.name) === sent.name
  return isTown ? { city, town: town?.code ? town : sent } : found
}
