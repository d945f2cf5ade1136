import { GatewayError, type GatewayErrorCode } from '../model/errors.ts'
import type { PersonalText } from '../model/personal-text.ts'
import { bareOf, millisecondsOf, stampAt, stampOf } from './civil-time.ts'
import type { AbsentCodec, Codec } from './codec.ts'
import {
  decimalOf,
  fixedDecimalOf,
  type Numeric,
  numberOf,
  unitsAbove,
  unitsOf,
} from './decimal.ts'

// One file on purpose, over 300 lines: a list of what partners share, to be read from top to bottom.
// Every number is read as JSON number or as text, since what a double cannot hold arrives as text.

const asText = (name: string, places: number): Codec<Numeric, number, unknown, string> => ({
  name,
  to: value => unitsOf(value, places),
  from: units => decimalOf(units, places),
})

const asNumber = (name: string, places: number): Codec<Numeric, number, unknown, number> => ({
  name,
  to: value => unitsOf(value, places),
  from: units => numberOf(units, places),
})

const roundedUp = (
  name: string,
  places: number,
  unit: string,
): Codec<Numeric, number, unknown, number> => ({
  name,
  lossy: { theirs: `a fraction of ${unit} is rounded up` },
  to: value => unitsAbove(value, places),
  from: units => numberOf(units, places),
})

/**
 * A whole number ⇄ the same: grams, cm³, fen, pieces.
 *
 * @throws {GatewayError} `VALUE_INVALID` for anything but a whole number from 0 to 2^53 - 1
 */
export const whole = asNumber('whole', 0)

/** A whole number as digits ⇄ the number: `"1250"` ⇄ `1250`. @throws as `whole` */
export const wholeText = asText('wholeText', 0)

/**
 * Yuan as text ⇄ fen: `"22"` ⇄ `2200`, `"22.50"` ⇄ `2250`; read also `"22.5"`. Two decimals or none are written.
 *
 * @throws {GatewayError} `VALUE_INVALID` for what is no plain decimal or finer than a fen
 */
export const yuan: Codec<Numeric, number, unknown, string> = {
  name: 'yuan',
  to: value => unitsOf(value, 2),
  from: fen => fixedDecimalOf(fen, 2).replace('.00', ''),
}

/** Yuan as JSON number ⇄ fen: `22.5` ⇄ `2250`. @throws {GatewayError} `VALUE_INVALID` for what is finer than a fen */
export const yuanNumber = asNumber('yuanNumber', 2)

/** Kilograms as JSON number ⇄ grams: `1.25` ⇄ `1250`. @throws {GatewayError} `VALUE_INVALID` for what is finer than a gram */
export const kilograms = asNumber('kilograms', 3)

/** Kilograms as text ⇄ grams: `"1.25"` ⇄ `1250`. @throws as `kilograms` */
export const kilogramsText = asText('kilogramsText', 3)

/** Centimetres as JSON number ⇄ millimetres: `25.5` ⇄ `255`. @throws {GatewayError} `VALUE_INVALID` for what is finer than a millimetre */
export const centimetres = asNumber('centimetres', 1)

/** Centimetres as text ⇄ millimetres: `"25.5"` ⇄ `255`, `"40"` ⇄ `400`. @throws as `centimetres` */
export const centimetresText = asText('centimetresText', 1)

/** Cubic metres as text, six decimals written, ⇄ cm³: `"0.006000"` ⇄ `6000`. @throws {GatewayError} `VALUE_INVALID` for what is finer than a cm³ */
export const cubicMetresText: Codec<Numeric, number, unknown, string> = {
  name: 'cubicMetresText',
  to: value => unitsOf(value, 6),
  from: cm3 => fixedDecimalOf(cm3, 6),
}

/** Grams, or cm³, as a double ⇄ whole ones: `1250.2` → `1251`; what is less than one is rounded up. */
export const wholeUp = roundedUp('wholeUp', 0, 'a unit')

/** Centimetres as a double ⇄ millimetres: `25.51` → `256`; a fraction of a millimetre is rounded up. */
export const centimetresUp = roundedUp('centimetresUp', 1, 'a millimetre')

/** A codec of numbers where 0 and `""` mean unknown: they are read as absent, and 0 is not written. */
export const positive = <W extends Numeric>(
  codec: Codec<Numeric, number, unknown, W>,
): Codec<Numeric, number, unknown, W> => ({
  ...codec,
  to: (value, context) => (value === '' ? undefined : codec.to(value, context) || undefined),
  from: (units, context) => (units === 0 ? undefined : codec.from(units, context)),
})

/** A codec where absence at theirs stands for a value of ours: `orElse(whole, 1)` reads no count as one piece. It is always written. */
export const orElse = <T, O, C, W extends T>(
  codec: Codec<T, O, C, W>,
  meant: O,
): AbsentCodec<T, O, C, W> => ({
  ...(codec.name ? { name: codec.name } : {}),
  lossy: { ...codec.lossy, theirs: 'what absence stands for is written' },
  absent: true,
  to: (value, context) => (value === undefined ? meant : (codec.to(value, context) ?? meant)),
  from: (value, context) => (value === undefined ? undefined : codec.from(value, context)),
})

/**
 * A number or text that only names something ⇄ text: `6900000000000000001` and `"6900000000000000001"` → `"6900000000000000001"`. Text is kept as it is.
 *
 * @throws {GatewayError} `VALUE_INVALID` for a number with a fraction or beyond 2^53 (which arrives as text)
 */
export const identifier: Codec<Numeric, string, unknown, string> = {
  name: 'identifier',
  to: value => {
    if (typeof value === 'number' && !Number.isSafeInteger(value)) throw invalid()
    return String(value)
  },
  from: text => text,
}

/**
 * A code that is a number at theirs, text at ours: `2` ⇄ `"2"`; read also as text.
 *
 * @throws {GatewayError} `VALUE_INVALID`, or the given code, for anything but digits without leading zeros, at most fifteen
 */
export const digits = (
  code: GatewayErrorCode = 'VALUE_INVALID',
): Codec<Numeric, string, unknown, number> => {
  const checked = (text: string): string => {
    if (!/^(0|[1-9]\d{0,14})$/.test(text)) throw new GatewayError(code)
    return text
  }
  return {
    name: 'digits',
    to: value => checked(String(value)),
    from: text => Number(checked(text)),
  }
}

/** Text where `""` means absent. */
export const textOrAbsent: Codec<string, string> = {
  name: 'textOrAbsent',
  to: text => text || undefined,
  from: text => text || undefined,
}

/** The same for personal text, which is carried, not read: a phone that is `""` beside a landline. */
export const personalOrAbsent: Codec<PersonalText, PersonalText> = {
  name: 'personalOrAbsent',
  to: text => text || undefined,
  from: text => text || undefined,
}

/**
 * Text that theirs limits, in UTF-16 units, as partners' clients count. Nothing is ever cut.
 *
 * @throws {GatewayError} `VALUE_TOO_LONG` when longer text would be written
 */
export const text = (limit: number): Codec<string, string> => ({
  name: `text ${limit}`,
  to: value => value,
  from: value => within(limit, value),
})

/**
 * Members in one text ⇄ the list: `"a,b"` ⇄ `["a", "b"]`, `""` → absent. With a limit, the members that fit are written, whole, and at least the first.
 *
 * @throws {GatewayError} `VALUE_INVALID` for a member that is empty or holds the separator, `VALUE_TOO_LONG` if not even the first fits
 */
export const joined = (separator: string, limit = Infinity): Codec<string, string[]> => {
  const whole = (members: string[]): string[] => {
    if (members.some(member => member === '' || member.includes(separator))) throw invalid()
    return members
  }
  return {
    name: `joined by ${separator}`,
    ...(limit !== Infinity ? { lossy: { ours: `only whole members fit into ${limit}` } } : {}),
    to: value => (value === '' ? undefined : whole(value.split(separator))),
    from: members => joinWhole(whole(members), separator, limit),
  }
}

/**
 * The members that fit, joined: `(["茶具", "杯"], "、", 3)` gives `"茶具"`. None gives absent.
 *
 * @throws {GatewayError} `VALUE_TOO_LONG` if not even the first fits
 */
export function joinWhole(
  members: readonly string[],
  separator: string,
  limit: number,
): string | undefined {
  const [first, ...rest] = members
  if (first === undefined) return undefined
  let result = within(limit, first)
  for (const member of rest) {
    if (result.length + separator.length + member.length > limit) break
    result += separator + member
  }
  return result
}

/** A code list: what it reads, what it writes, and the pairs, for those who check that every code translates. */
export interface CodeList<Theirs extends Numeric, Ours extends string> {
  readonly name: string
  readonly codes: readonly (readonly [Theirs, Ours])[]
  readonly to: (theirs: Numeric) => Ours
  readonly from: (ours: string) => Theirs
}

/**
 * Their codes, text, ⇄ ours: `codeList({ 10: 'sender' })` has `"10"`. A number is read as the text of it.
 *
 * @param unknown what a code that is not in the list throws, on both sides
 * @throws {TypeError} for a list that names one of ours twice: a mistake in the list
 */
export function codeList<const M extends Readonly<Record<string, string>>>(
  codes: M,
  unknown?: GatewayErrorCode,
): CodeList<`${keyof M & (string | number)}`, M[keyof M]>
export function codeList(codes: Readonly<Record<string, string>>, unknown?: GatewayErrorCode) {
  return listed(Object.entries(codes), unknown)
}

/** Their codes, numbers, ⇄ ours: `numberCodeList({ 1: 'sender', 2: 'receiver' })`. Read also as text. @throws as `codeList` */
export function numberCodeList<const M extends Readonly<Record<number, string>>>(
  codes: M,
  unknown?: GatewayErrorCode,
): CodeList<keyof M & number, M[keyof M & number]>
export function numberCodeList(
  codes: Readonly<Record<number, string>>,
  unknown?: GatewayErrorCode,
) {
  return listed(
    Object.entries(codes).map(([code, ours]) => [Number(code), ours]),
    unknown,
  )
}

function listed<T extends Numeric>(
  codes: readonly (readonly [T, string])[],
  unknown: GatewayErrorCode = 'CODE_UNKNOWN',
): CodeList<T, string> {
  const ours = new Map(codes.map(([theirs, code]) => [String(theirs), code]))
  const theirs = new Map(codes.map(([code, name]) => [name, code]))
  if (theirs.size !== codes.length) throw new TypeError('a code of ours stands twice in the list')
  return {
    name: 'codeList',
    codes,
    to: code => ours.get(String(code)) ?? refuse(unknown),
    from: code => theirs.get(code) ?? refuse(unknown),
  }
}

/** A flag ⇄ a value that is there or not. */
export interface Flag<V> {
  readonly name: string
  readonly to: (theirs: Numeric) => V | undefined
  readonly from: (ours: unknown) => 0 | 1
}

/**
 * 1 ⇄ the value, 0 → absent: `flag('sign-back')`, `flag(true)`. Another value of ours is written as 0, an absent one not at all.
 *
 * @throws {GatewayError} `CODE_UNKNOWN` for anything but 0 and 1
 */
export const flag = <const V>(value: V): Flag<V> => ({
  name: 'flag',
  to: theirs => {
    if (String(theirs) === '1') return value
    if (String(theirs) !== '0') throw new GatewayError('CODE_UNKNOWN')
    return undefined
  },
  from: ours => (ours === value ? 1 : 0),
})

/** The same, and 0 is written when the value is absent. @throws as `flag` */
export const writtenFlag = <const V>(value: V) => {
  const { to, from } = flag(value)
  return {
    name: 'writtenFlag',
    absent: true,
    to: (theirs: Numeric | undefined) => (theirs === undefined ? undefined : to(theirs)),
    from,
  } as const
}

const CUT = 'fractions of a second are cut'

/**
 * Bare local time ⇄ RFC 3339: `"2026-01-01 08:00:00"` ⇄ `"2026-01-01T08:00:00+08:00"`. Other offsets are written as the same moment in Shanghai.
 *
 * @throws {GatewayError} `VALUE_INVALID` for another form, or a day the calendar does not have
 */
export const shanghaiTime: Codec<string, string> = {
  name: 'shanghaiTime',
  lossy: { ours: CUT },
  to: bare => {
    if (bare.length !== 19) throw invalid()
    return stampOf(bare)
  },
  from: bareOf,
}

/** Bare local time in minutes ⇄ RFC 3339: `"2026-01-01 08:00"` ⇄ `"2026-01-01T08:00:00+08:00"`. @throws as `shanghaiTime` */
export const shanghaiMinutes: Codec<string, string> = {
  name: 'shanghaiMinutes',
  lossy: { ours: 'seconds are cut' },
  to: bare => {
    if (bare.length !== 16) throw invalid()
    return stampOf(bare)
  },
  from: stamp => bareOf(stamp).slice(0, 16),
}

/** Seconds since 1970 ⇄ RFC 3339 in Shanghai: `1767225600` ⇄ `"2026-01-01T08:00:00+08:00"`. @throws {GatewayError} `VALUE_INVALID` for no whole number, or no such time */
export const unixSeconds: Codec<Numeric, string, unknown, number> = {
  name: 'unixSeconds',
  lossy: { ours: CUT },
  to: seconds => stampAt(unitsOf(seconds, 0) * 1000),
  from: stamp => Math.floor(unitsOf(millisecondsOf(stamp), 0) / 1000),
}

/** Milliseconds since 1970 ⇄ RFC 3339 in Shanghai: `1767225600123` ⇄ `"2026-01-01T08:00:00.123+08:00"`. @throws as `unixSeconds` */
export const unixMilliseconds: Codec<Numeric, string, unknown, number> = {
  name: 'unixMilliseconds',
  to: milliseconds => stampAt(unitsOf(milliseconds, 0)),
  from: stamp => unitsOf(millisecondsOf(stamp), 0),
}

function within(limit: number, value: string): string {
  if (value.length > limit) throw new GatewayError('VALUE_TOO_LONG')
  return value
}

function refuse(code: GatewayErrorCode): never {
  throw new GatewayError(code)
}

const invalid = () => new GatewayError('VALUE_INVALID')
