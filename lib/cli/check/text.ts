import { type Finding, findPersonal } from '../../mask/check.ts'
import { type Fault, faultInField, showsNoDoor } from './field.ts'
import { foldWithPlaces } from './folded.ts'

/** A fault in a text: where it begins, in UTF-16 units from 0. */
export interface TextFault extends Fault {
  readonly at: number
}

/** What begins like a number and goes on like one, with or without stars; not the tail of a code. */
const NUMBER =
  /(?<![\p{Script=Latin}\p{N}*])(?:[+(]?\d|(?<!\p{L})\*)(?:[\d*]|[\s\-_.·()\u2010-\u2015]{1,3}(?=[\d*]))+x?/gu

/** A mobile or a landline, some digits of which are stars. */
const STARRED = /^(?:(?:\+|00)?86)?(?:1[\d*]{10}|0\d{2,3}[\d*]{7,8})$/

/** A virtual number: no subscriber's mobile has an extension. */
const EXTENSION = /^[-转,]\s?\d{1,8}(?!\d)/

const CAPTION = '收件人|收货人|收件方|寄件人|发件人|寄件方|收方|寄方|联系人|姓名|收|寄'

/** Words that stand where a name could. */
const NO_NAME =
  /^(?:收件|收货|寄件|发件|收方|寄方|联系|姓名|电话|手机|地址|客服|热线|座机|号码|单号|信息)|(?:电话|手机|号码|客服|热线|座机|地址|单号)$/u

const HAN_NAME = '[\\p{Script=Han}·]'

/** A name behind its caption: `收件人：张三`, `收 张三`. */
const CAPTIONED = new RegExp(
  `(?<!\\p{Script=Han})(?:(?:${CAPTION})(?:姓名)?[:：]\\s*|(?:${CAPTION})\\s+)(?<name>${HAN_NAME}{1,8})(?![\\p{Script=Han}·*])`,
  'gu',
)

/** A name in front of a number: `张三 138******00`. */
const BEFORE_NUMBER = new RegExp(
  `(?<![\\p{Script=Han}·*])(?<name>${HAN_NAME}{2,4})[\\s,:]{1,3}(?=(?:\\+?86)?(?:1[\\d*]{10}|[*]{11})(?![\\d*]))`,
  'gu',
)

/** Where an address begins: a word of an area, and another area or road behind it. */
const ADDRESS = new RegExp(
  `${HAN_NAME}{1,12}?(?:[省市区县旗镇乡村]|街道|路|街|巷|胡同|大道)(?:[\\p{L}\\p{N}\\s*#,、-]{0,40}?)(?:[市区县旗镇乡村号]|街道|路|街|巷|胡同|大道|小区|花园|新村|苑)[\\p{L}\\p{N}\\s*#,、-]{0,120}`,
  'gu',
)

/** Where another part of a label begins. */
const NEXT_PART = /[\s,]*(?:电话|手机|收件|寄件|联系|姓名|单号|\s[+(]?[1*][\d*]{6})/u

const whyFound: Readonly<Record<Finding, string>> = {
  mobile: 'a mobile number is wholly shown',
  landline: 'a landline number is wholly shown',
  abroad: 'a phone number is wholly shown',
  id: 'a resident’s number is shown',
}

/**
 * What a free text, such as a line of a label, shows too much of: numbers, names behind a caption or
 * in front of a number, doors in addresses. Faults in the order of their places, one for each place.
 */
export function faultsInText(original: string): TextFault[] {
  const { text, placeOf } = foldWithPlaces(original)
  const found = [...numbersIn(text), ...namesIn(text), ...addressesIn(text)]
  return found
    .map(fault => ({ ...fault, at: placeOf(fault.at) }))
    .sort((a, b) => a.at - b.at)
    .filter((fault, i, all) => all[i - 1]?.at !== fault.at)
}

function numbersIn(text: string): TextFault[] {
  const kinds = findPersonal(withoutVirtual(text))
  const runs = [...text.matchAll(NUMBER)].filter(
    ({ 0: run, index }) => !EXTENSION.test(text.slice(index + run.length)),
  )
  const faults = runs.flatMap(({ 0: run, index }): TextFault[] => {
    const [kind] = findPersonal(run).filter(one => kinds.includes(one))
    if (kind !== undefined) return [{ at: index, why: whyFound[kind] }]
    const dialled = run.replace(/[^\d*]/g, '')
    if (!dialled.includes('*') || !STARRED.test(dialled)) return []
    const fault = faultInField('phone', dialled)
    return fault === undefined ? [] : [{ at: index, ...fault }]
  })
  const told = new Set(faults.map(({ why }) => why))
  const others = kinds.filter(kind => !told.has(whyFound[kind]))
  return [...faults, ...others.map(kind => ({ at: 0, why: whyFound[kind] }))]
}

/** Virtual numbers stand for what is hidden, so they are taken out before screening. */
function withoutVirtual(text: string): string {
  return text.replace(/(?<!\d)1\d{10}[-转,]\s?\d{1,8}(?!\d)/gu, ' ')
}

function namesIn(text: string): TextFault[] {
  return [CAPTIONED, BEFORE_NUMBER].flatMap(pattern =>
    [...text.matchAll(pattern)].flatMap(match => {
      const name = match.groups?.name ?? ''
      if (NO_NAME.test(name)) return []
      const fault = faultInField('name', name)
      return fault === undefined ? [] : [{ at: match.index + match[0].indexOf(name), ...fault }]
    }),
  )
}

function addressesIn(text: string): TextFault[] {
  return [...text.matchAll(ADDRESS)].flatMap(({ 0: run, index }) => {
    const address = run.split(NEXT_PART)[0] ?? ''
    if (showsNoDoor(address)) return []
    return [{ at: index, why: 'an address shows a building, unit, room or person' }]
  })
}
