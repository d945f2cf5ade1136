/** Well under the 200 characters that party.json allows for a display. */
const LONGEST = 120

const HAN = '[\\p{Unified_Ideograph}〇]'
const NUMERAL = '零〇一二三四五六七八九十百千两'

/** Behind a numeral these make it a building, unit, floor, room or household: 3号楼, 三组, 二门. */
const INSIDE = '[楼栋幢座室房铺门库层户柜屋舍厅棚车位档店馆厂线组队社单床梯间]'

const ROAD = '(?:路|街(?!道)|(?<!街)道|巷|胡同)'

/** The number of a plot in its road: 88号, 十二号, 123弄; not 3号楼. */
const PLOT = `(?: ?(?:\\d{1,4}|[${NUMERAL}]{1,6})[号弄](?! ?${INSIDE}))?`

const NUMBERED_ROAD = `\\d{1,4}[国省县乡]道|${HAN}{1,6}\\d{1,3}${ROAD}`

/** An area; in 镇江路 and 李家村小区 it is not the end of the name. */
const AREA = '(?:街道|[省市区县旗镇乡村])(?![路街道巷]|小区|新村|花园)'

const COMMUNITY =
  '(?:小区|新村|花园|花苑|家园|嘉园|苑|山庄|庄园|大院|园区|工业园|产业园|科技园|软件园|创业园|物流园|大学|学院|中学|小学|医院)'

const community = new RegExp(` ?(?<name>${HAN}{1,12}?${COMMUNITY})`, 'uy')
const road = new RegExp(` ?(?<name>${HAN}{1,12}?${ROAD}|${NUMBERED_ROAD})(?<plot>${PLOT})`, 'uy')
const area = new RegExp(` ?(?<name>${HAN}{1,12}?${AREA})`, 'uy')

/** In no name that is shown: what lies inside a plot, and what people write to be found or called. */
const UNSAFE = new RegExp(
  `[${NUMERAL}幺甲乙丙丁戊己底顶阁负下]${INSIDE}|单元|号|[零〇一二三四五六七八九两幺]{3}|[收寄转托]|电话|手机|微信|联系|先生|女士|小姐|太太|老师|师傅|老板|同学|本人`,
  'u',
)

interface Step {
  name: string
  plot: string
  end: number
  kind: RegExp
}

/**
 * As much of a street address as may be shown, read from the left: areas, roads, the number of the
 * plot, one community. The first word that is none of these ends it, and so does one that holds a
 * text of `known` (a name, a company): what is not understood is hidden.
 *
 * @example keepStreet('测试路1号样例小区2栋301室', []) // '测试路1号样例小区'
 * @see GB/T 41833-2022: unit and room of the address are hidden
 */
export function keepStreet(address: string, known: readonly string[]): string {
  const text = tidy(address)
  let kept = ''
  let kinds = [community, road, area]
  for (let at = 0; kinds.length > 0; ) {
    const step = nextStep(text, at, kinds)
    const longer = kept + (step?.name ?? '') + (step?.plot ?? '')
    if (step === undefined || UNSAFE.test(step.name) || longer.length > LONGEST) break
    if (known.some(word => longer.includes(word))) break
    kept = longer
    at = step.end
    if (step.kind === community) kinds = []
    else if (step.plot !== '') kinds = [community]
  }
  return kept
}

/** Where several kinds begin, the shortest is meant; of two as long the first: 样例小区 is no 区. */
function nextStep(text: string, at: number, kinds: readonly RegExp[]): Step | undefined {
  let shortest: Step | undefined
  for (const kind of kinds) {
    kind.lastIndex = at
    const groups = kind.exec(text)?.groups
    if (groups === undefined) continue
    const { name = '', plot = '' } = groups
    const length = shortest?.name.length ?? Number.POSITIVE_INFINITY
    if (name.length < length) shortest = { name, plot: plot.trim(), end: kind.lastIndex, kind }
  }
  return shortest
}

function tidy(address: string): string {
  return address
    .normalize('NFKC')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .replace(/[\s,、。;|/·]+/gu, ' ')
    .trim()
}
