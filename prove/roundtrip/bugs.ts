import type { Patch } from '../planted/copy.ts'

/** A mistake that translations are prone to. */
export interface Bug extends Patch {
  readonly name: string
}

/** Mistakes, each planted by itself. */
export const bugs: readonly Bug[] = [
  {
    name: 'a codec trims text',
    file: 'translate/codecs.ts',
    find: '  to: value => value,\n  from: value => within(limit, value),',
    put: '  to: value => value.trim(),\n  from: value => within(limit, value),',
  },
  {
    name: 'weights go through a float',
    file: 'translate/codecs.ts',
    find: "export const kilograms = asNumber('kilograms', 3)",
    put: 'export const kilograms: Codec<Numeric, number, unknown, number> = { to: kg => Math.trunc(Number(kg) * 1000), from: grams => grams / 1000 }',
  },
  {
    name: 'money goes through a float',
    file: 'translate/codecs.ts',
    find: 'to: value => unitsOf(value, 2),\n  from: fen',
    put: 'to: value => Math.trunc(Number(value) * 100),\n  from: fen',
  },
  {
    name: 'times are an hour off',
    file: 'translate/codecs.ts',
    find: 'return stampOf(bare)\n  },\n  from: bareOf,',
    put: "return stampOf(bare).replace('+08:00', '+09:00')\n  },\n  from: bareOf,",
  },
  {
    name: 'a row is left out',
    file: 'platforms/douyin/order-mapping.ts',
    find: "    row('/item_volume', '/volumeCm3', positive(whole)),\n",
    put: '',
  },
  {
    name: 'a remark is left out',
    file: 'platforms/douyin/order-mapping.ts',
    find: "  row('/order_info/remark', '/receiver/personal/remark', personalOrAbsent),\n",
    put: '',
  },
  {
    name: 'sizes are rounded to centimetres',
    file: 'translate/codecs.ts',
    find: "export const centimetres = asNumber('centimetres', 1)",
    put: 'export const centimetres: Codec<Numeric, number, unknown, number> = { to: cm => Number(cm) * 10, from: mm => Math.round(mm / 10) }',
  },
  {
    name: 'a name is normalised',
    file: 'platforms/douyin/contact.ts',
    find: 'to: (name: PersonalText) => clearText(name, LONGEST_NAME),',
    put: "to: (name: PersonalText) => clearText((name as unknown as string).normalize('NFKD') as unknown as PersonalText, LONGEST_NAME),",
  },
  {
    name: 'a surrogate pair is cut',
    file: 'platforms/douyin/contact.ts',
    find: 'to: (name: PersonalText) => splitText(name, LONGEST_NAME),',
    put: 'to: (name: PersonalText) => splitText((name as unknown as string).slice(0, 5) as unknown as PersonalText, LONGEST_NAME),',
  },
  {
    name: 'a town in the county’s place is lost',
    file: 'platforms/douyin/address.ts',
    find: "district?.name ?? town?.name ?? ''",
    put: "district?.name ?? ''",
  },
  {
    name: 'a city without counties loses its code',
    file: 'model/regions.ts',
    find: 'division(city.sent.name, cityCode)',
    put: 'division(city.sent.name, district && cityCode)',
  },
  {
    name: 'the remark is not sealed',
    file: 'seal/seal.ts',
    find: 'padded(JSON.stringify(checkPersonal(personal)))',
    put: "padded(JSON.stringify(checkPersonal(personal), (key, value) => (key === 'remark' ? undefined : value)))",
  },
  {
    name: 'the sealed text is cut at a length of bytes',
    file: 'seal/seal.ts',
    find: "bytes.write(text, 'utf8')",
    put: "bytes.write(text, 'latin1')",
  },
  {
    name: 'the last piece of goods is dropped',
    file: 'translate/run.ts',
    find: 'Array.isArray(value) ? value : wrong()',
    put: 'Array.isArray(value) ? value.slice(0, 4) : wrong()',
  },
]
