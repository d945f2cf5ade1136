import type { Chance } from '../seals/chance.ts'

/** Text that stands in an input and nowhere else, so that an echo of it shows. */
export function markOf(chance: Chance): string {
  return `Zq7${chance.below(2 ** 31).toString(36)}x${chance.below(2 ** 31).toString(36)}`
}

/** Values that a careless reader trips over; a mark stands for a value of the caller's own. */
const odd: readonly ((mark: string, chance: Chance) => unknown)[] = [
  mark => mark,
  mark => mark,
  mark => `${mark}, 张三 13800000000`,
  mark => mark.repeat(40),
  mark => [mark],
  mark => ({ [mark]: mark }),
  mark => `../${mark}`,
  mark => `${mark}\u0001\u007f`,
  mark => `o_${mark}`,
  () => null,
  () => '',
  () => true,
  () => -1,
  () => 0.1,
  () => 1e300,
  () => 2 ** 53,
  () => 12345678901234,
  () => '9'.repeat(400),
  () => [],
  () => ({}),
  () => '\u202e\u200d😀',
  () => '2026-02-30 25:61:61',
  () => '1999-01-01T00:00:00+99:99',
  () => 'toString',
  () => '__proto__',
  () => '0'.repeat(30),
  (_mark, chance) => chance.below(2 ** 31),
  (_mark, chance) => 'x'.repeat(chance.below(3000)),
]

const oddNames = ['toString', 'hasOwnProperty', 'length', 'valueOf', '0', '', '张三', '$ref', '-']

/** A value changed at one place: another value, a member more or less, an element twice, a level more. */
export function mutateValue(value: unknown, chance: Chance, mark: string): unknown {
  if (Array.isArray(value) && value.length > 0 && chance.happens(0.85)) {
    return mutateItems(value, chance, mark)
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && chance.happens(0.9)) {
    return mutateMembers(value, chance, mark)
  }
  if (typeof value === 'string' && chance.happens(0.2)) return bend(value, chance, mark)
  return chance.pick(odd)(mark, chance)
}

function mutateItems(items: readonly unknown[], chance: Chance, mark: string): unknown[] {
  const at = chance.below(items.length)
  const item = items[at]
  const how = chance.below(12)
  if (how === 0) return items.toSpliced(at, 1)
  if (how === 1) return items.toSpliced(at, 0, item)
  if (how === 2) return Array.from({ length: 1 + chance.below(130) }, () => item)
  return items.with(at, mutateValue(item, chance, mark))
}

function mutateMembers(object: object, chance: Chance, mark: string): object {
  const names = Object.keys(object)
  const name = names.length === 0 ? '' : chance.pick(names)
  const members: Readonly<Record<string, unknown>> = { ...object }
  const how = chance.below(14)
  if (how === 0) return Object.fromEntries(Object.entries(members).filter(([one]) => one !== name))
  if (how === 1) return { ...members, [`某${mark}`]: members[name] }
  if (how === 2) return { ...members, [chance.pick(oddNames)]: chance.pick(odd)(mark, chance) }
  if (names.length === 0) return members
  return { ...members, [name]: mutateValue(members[name], chance, mark) }
}

function bend(text: string, chance: Chance, mark: string): string {
  const at = chance.below(text.length + 1)
  const [before, after] = [text.slice(0, at), text.slice(at)]
  return chance.pick([
    () => before + mark + after,
    () => before,
    () => text + text,
    () => ` ${text} `,
    () => `${before}\u0000${after}`,
    () => before + chance.pick(['\u2028', '\ud800', '\n', ',', '~', '/', '%00', '<', '"']) + after,
  ])()
}

/** JSON text with what its grammar allows, or just does not. */
export function mutateText(text: string, chance: Chance): string {
  const at = chance.below(text.length + 1)
  const [before, after] = [text.slice(0, at), text.slice(at)]
  const change = chance.pick([
    () => text.replace('{', '{"a":1,"a":2,'),
    () => text.replace('{', '{"a":1,"\\u0061":2,'),
    () => text.replace('{', '{"__proto__":{"polluted":1},'),
    () => text.replace('{', '{"\\u005f_proto__":1,'),
    () => text.replace('{', '{"constructor":{"prototype":{}},'),
    () => nest(text, 60 + chance.below(10)),
    () => nest(text, 5000),
    () => text.replace(/"(\w)/, '"\\ud800$1'),
    () => text.replace(/"(\w)/, '"\\u0000$1'),
    () => text.replace(/"(\w)/, '"\\ud83d\\ude00$1'),
    () => text.replace(/:\s*("[^"\\]*"|\d+)/, () => `:${chance.pick(numerals)}`),
    () => `\ufeff${text}`,
    () => `${text}${chance.pick([' ', '\n', ',', '}', ']', 'x', '\u00a0', '\0', '//'])}`,
    () => before,
    () => before + chance.pick(['"', '\\', '{', '}', '[', ']', ',', ':', '\u0008', "'"]) + after,
    () => text.replaceAll('"', "'"),
    () => `${text}${text}`,
    () => '',
  ])
  return change()
}

const nest = (text: string, levels: number) => '['.repeat(levels) + text + ']'.repeat(levels)

const numerals = [
  ...['6900000000000000001', '9007199254740993', '0.1000000000000000055', '1e400', '-0', '1e-400'],
  ...['01', '1.', '.5', '+1', 'NaN', 'Infinity', '0x10', '1e5', '1E+2', '12.00', '1e', '-'],
  ...[
    '123456789012345678901234567890',
    '0.30000000000000004',
    '4.9e-324',
    '1.7976931348623157e308',
  ],
  ...['100000000000000000000', '1.0', '99999999999999999999999999999999999999999999999'],
]

/** Bytes with a few changed: flipped, cut, doubled, put in; what is no UTF-8 among them. */
export function mutateBytes(bytes: Uint8Array, chance: Chance): Buffer {
  const at = chance.below(bytes.length + 1)
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)]
  const change = chance.pick([
    () => Buffer.concat([before, flip(after, chance)]),
    () => Buffer.concat([before, chance.pick(badUtf8), after]),
    () => Buffer.concat([before, Buffer.from([chance.below(256)]), after]),
    () => Buffer.from(before),
    () => Buffer.concat([before, after.subarray(1 + chance.below(8))]),
    () => Buffer.concat([before, before.subarray(-20), after]),
  ])
  return change()
}

function flip(bytes: Uint8Array, chance: Chance): Buffer {
  const [first = 0] = bytes
  return Buffer.concat([Buffer.from([first ^ (1 << chance.below(8))]), bytes.subarray(1)])
}

const badUtf8 = ['ff', 'c0af', 'eda080', 'f4908080', 'e28', '80', 'f8888080', 'c3', '00', 'efbbbf']
  .filter(hex => hex.length % 2 === 0)
  .map(hex => Buffer.from(hex, 'hex'))

/** A document as bytes, changed in its values, its text, its bytes, or not at all. */
export function mutateDocument(document: unknown, chance: Chance, mark: string): Buffer {
  let value = document
  for (let times = chance.below(4); times > 0; times--) value = mutateValue(value, chance, mark)
  let text = JSON.stringify(value) ?? ''
  if (chance.happens(0.12)) text = mutateText(text, chance)
  const bytes = Buffer.from(text)
  return chance.happens(0.08) ? mutateBytes(bytes, chance) : bytes
}
