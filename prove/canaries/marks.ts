import { createHash } from 'node:crypto'

/** Whose data a mark stands for. */
export type Whose = 'sender' | 'receiver' | 'changed' | 'told'

/** Marked personal data of one party of one order: no two values of a run are alike. */
export interface Marked {
  readonly name: string
  readonly phone: string
  readonly telephone: string
  readonly address: string
  readonly company: string
  readonly remark: string
}

/**
 * The letters that marks in words are made of: rare ideographs U+9F80 to U+9FA3 which share two bytes of
 * UTF-8 and stand in no other text of ours. Left out are 龄, 龙, 龚 and 龟, which people do write.
 */
export const letters: readonly string[] = Array.from({ length: 36 }, (_, n) =>
  String.fromCharCode(0x9f80 + n),
).filter(letter => !'龄龙龚龟'.includes(letter))

const LETTERS_OF_A_MARK = 8
const WHOSE = { sender: 0, receiver: 1, changed: 2, told: 3 }
const ODD = 0x9e3779b97f4bn

/** Eight letters, different for each number below 2^40, that look random: a bijection of forty bits. */
function wordOf(seed: number, number: number): string {
  const mixed = BigInt.asUintN(40, (BigInt(number) + BigInt(seed) * 7919n) * ODD)
  return Array.from({ length: LETTERS_OF_A_MARK }, (_, at) => {
    return letters[Number((mixed >> BigInt(at * 5)) & 31n)]
  }).join('')
}

/** Digits by the lowest bits: six of 8 and 9, which a mask hides and nothing else of a run is written in. */
const hidden = (bits: number): string =>
  Array.from({ length: 6 }, (_, at) => ((bits >> at) & 1 ? '9' : '8')).join('')

/** One of 448,000 mobile numbers: what a display may show of them makes the difference. */
function mobileOf(number: number): string {
  const end = String(number % 100).padStart(2, '0')
  const front = 130 + (Math.floor(number / 6400) % 70)
  return `${front}${hidden(Math.floor(number / 100) % 64)}${end}`
}

/** One of 3,136,000 landlines. */
function landlineOf(number: number): string {
  const area = 300 + (Math.floor(number / 4480) % 700)
  const first = 2 + (Math.floor(number / 640) % 7)
  return `0${area}-${first}${hidden(Math.floor(number / 10) % 64)}${number % 10}`
}

/** The marked data of a party of the n-th order of a run. */
export function markedOf(seed: number, n: number, whose: Whose): Marked {
  const party = n * 4 + WHOSE[whose]
  const word = (member: number) => wordOf(seed, party * 4 + member)
  return {
    name: `王${word(0)}`,
    phone: mobileOf(party),
    telephone: landlineOf(party),
    address: `测试路1号样例小区2栋${word(1)}室`,
    company: `样例${word(2)}公司`,
    remark: `请${word(3)}放门口`,
  }
}

/** The marked part of a value: what must turn up nowhere, not even six characters of it. */
export function markIn(value: string): string {
  const [word] = value.match(new RegExp(`[${letters.join('')}]{${LETTERS_OF_A_MARK}}`)) ?? []
  return word ?? value
}

/** All that a number may be hashed as: its digits, as written, with the country code. */
export function writtenForms(number: string): string[] {
  const digits = number.replaceAll('-', '')
  return [...new Set([digits, number, `+86${digits}`, `86${digits}`])]
}

/** Hashes that anybody can turn back by trying all numbers. */
export const hashes = ['md5', 'sha1', 'sha256'] as const

/** A number's unsalted hash. */
export const hashOf = (hash: (typeof hashes)[number], text: string): Buffer =>
  createHash(hash).update(text).digest()

/**
 * Numbers of other things, such as a courier's, that happen to be written in six digits of 8 and 9 get
 * other digits, so that what is found is a mark.
 */
export const calm = (text: string): string =>
  text.replace(/[89]{6,}/g, run => run.replaceAll('9', '5').replaceAll('8', '4'))

/** A clock whose milliseconds are never written so: it stands still for an instant instead. */
export function calmClock(): () => Date {
  let last = 0
  return () => {
    let at = Date.now()
    while (/[89]{6}/.test(String(at))) at -= 1
    last = Math.max(last, at)
    return new Date(last)
  }
}
