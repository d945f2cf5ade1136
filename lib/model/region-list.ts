import regions from './generated/regions.json' with { type: 'json' }

/** A province, city or county of the list, with what lies directly below it. */
export interface Place {
  /** Six digits: `350203`. */
  readonly code: string
  readonly name: string
  readonly below: Place[]
}

interface Names {
  readonly exact: Map<string, Place[]>
  readonly short: Map<string, Place[]>
}

/** Year of the list, such as `2021`. */
export const edition = regions.edition

/** Municipalities and special regions: their counties lie directly below them. */
const WITHOUT_CITIES = /^(?:11|12|31|50|81|82)/

const PEOPLES =
  '(?:(?:土家|哈尼|布依|景颇|傈僳|蒙古|哈萨克|柯尔克孜|朝鲜|东乡|保安|撒拉|裕固|拉祜|布朗|仫佬|毛南|仡佬|纳西|独龙|普米|锡伯|塔吉克|达斡尔|各|苗|藏|羌|彝|侗|壮|傣|白|回|畲|满|土|佤|瑶|水|黎|怒)族?)+'

/** What a short name leaves out, with the letter that may stay: 恩施州 for 恩施土家族苗族自治州. */
const ENDINGS = [
  new RegExp(`^(.{2,}?)${PEOPLES}自治([州县])$`),
  /^(.{2,}?)(?:壮族|回族|维吾尔)?自治区$/,
  /^(.{2,})(?:省|特别行政区|地区|林区)$/,
  /^(.{2,})[市盟县区旗]$/,
]

let root: Place | undefined
const namesBelow = new WeakMap<Place, Names>()

/**
 * The province of a name, official or short: `北京市`, `北京`, `内蒙古`.
 *
 * @example provinceNamed('福建')?.code // '350000'
 */
export function provinceNamed(name: string): Place | undefined {
  root ??= readList(regions.list)
  return placeBelow(root, { name })
}

/**
 * The one place directly below `parent` that a partner means: by its official name, else by its
 * short one. Of two places with one short name (伊宁市, 伊宁县) the code decides, or none is meant.
 */
export function placeBelow(
  parent: Place,
  sent: { name: string; code?: string | undefined },
): Place | undefined {
  const names = namesOf(parent)
  const meant = names.exact.get(sent.name) ?? names.short.get(sent.name) ?? []
  return meant.length === 1 ? meant[0] : meant.find(place => place.code === sent.code)
}

/** Whether the counties of a province lie directly below it, as in 北京市 and 香港特别行政区. */
export function isWithoutCities(province: Place): boolean {
  return WITHOUT_CITIES.test(province.code)
}

/** The list is sorted, so a parent comes before what is below it. */
function readList(list: string): Place {
  const top: Place = { code: '', name: '', below: [] }
  const places = new Map<string, Place>()
  for (const line of list.split('\n')) {
    const place: Place = { code: line.slice(0, 6), name: line.slice(6), below: [] }
    places.set(place.code, place)
    const parents = [`${place.code.slice(0, 4)}00`, `${place.code.slice(0, 2)}0000`]
    const parent = parents.find(code => code !== place.code && places.has(code))
    ;(places.get(parent ?? '') ?? top).below.push(place)
  }
  return top
}

function namesOf(parent: Place): Names {
  const known = namesBelow.get(parent)
  if (known !== undefined) return known
  const names: Names = { exact: new Map(), short: new Map() }
  for (const place of parent.below) {
    add(names.exact, place.name, place)
    for (const short of shortNames(place.name)) add(names.short, short, place)
  }
  namesBelow.set(parent, names)
  return names
}

function add(index: Map<string, Place[]>, name: string, place: Place): void {
  index.set(name, [...(index.get(name) ?? []), place])
}

/** 沙县区 has none: 沙县 is another name, not a short one. */
function shortNames(name: string): string[] {
  const match = ENDINGS.map(ending => ending.exec(name)).find(found => found !== null)
  const [, base = '', kept] = match ?? []
  if (base === '' || /[市县区旗]$/.test(base)) return []
  return kept === undefined ? [base] : [base, base + kept]
}
