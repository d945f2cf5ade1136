import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { checkDisplay } from '../../lib/mask/check.ts'
import { maskAddress, maskName, maskPersonal, maskPhone } from '../../lib/mask/mask.ts'

/** Any code points, lone surrogates, controls and unassigned ones included. */
const hostile = fc
  .array(fc.oneof(fc.nat(0x10ffff), fc.integer({ min: 0x4e00, max: 0x9fff })), { maxLength: 30 })
  .map(codes => String.fromCodePoint(...codes))

/** Words of addresses in any order: most of them nonsense, all of them near what the rules read. */
const soup = fc
  .array(
    fc.constantFrom(
      ...'路街道巷弄号村省市区县镇乡苑园楼栋幢座室房铺门库层户柜组队社单元里线桥期收寄'.split(''),
      ...'一二三十零〇百幺两甲底样例测试张李王大新东1239０３Aaz#- ，*＊\u200b'.split(''),
      ...['街道', '小区', '花园', '新村', '单元', '胡同', '国道', '大学', '测试路', '样例街'],
      ...['1号', '十二号', '17路', '张三', '先生', '电话', '13800000000', '0592-1234567', '301室'],
    ),
    { maxLength: 16 },
  )
  .map(parts => parts.join(''))

const anyText = fc.oneof(hostile, soup, fc.string({ unit: 'grapheme' }))

const digits = (min: number, max: number) =>
  fc.array(fc.nat(9), { minLength: min, maxLength: max }).map(all => all.join(''))

const surname = fc.constantFrom('张', '李', '欧阳', '司马', '𠮷', '买买提·', 'Zhang ', 'Ó')
const given = fc.constantFrom('三', '四', '测试', '样例', '小明', '图尔逊', 'Ceshi', '😀')
const title = fc.constantFrom('', '先生', '女士', '老师')
const fullName = fc.tuple(surname, given, title).map(parts => parts.join(''))

const phone = fc.oneof(
  fc.tuple(fc.constantFrom('138', '199', '184'), digits(8, 8)).map(parts => parts.join('')),
  fc
    .tuple(fc.constantFrom('138', '+86 150'), digits(8, 8), fc.constant('-'), digits(2, 4))
    .map(parts => parts.join('')),
  fc.tuple(fc.constantFrom('0592-', '(010)', '021'), digits(7, 8)).map(parts => parts.join('')),
  fc.tuple(fc.constantFrom('+1 ', '+44 ', '00852'), digits(7, 10)).map(parts => parts.join('')),
)

const numeral = fc.oneof(
  fc.integer({ min: 1, max: 40 }).map(String),
  fc.integer({ min: 1, max: 9 }).map(n => String.fromCharCode(0xff10 + n)),
  fc.constantFrom('一', '二', '十二', '三十'),
)

const street = fc
  .tuple(
    fc.constantFrom('', '福建省厦门市', '莲前街道', '李家村', '福建省, 厦门市, '),
    fc.constantFrom('测试路', '样例大道', '鼓楼街', '纬17路', '样例胡同', '312国道', ''),
    fc.option(numeral, { nil: '' }),
    fc.constantFrom('', '样例小区', '测试花园', '样例大厦', '样例社区'),
  )
  .map(([area, road, plot, community]) =>
    [area, road, road !== '' && plot !== '' ? `${plot}号` : '', community].join(''),
  )

/** What must not be seen: building, unit, floor, room, a house in a village. */
const inside = fc.oneof(
  fc
    .tuple(numeral, fc.constantFrom('栋', '号楼', '幢', '座', '单元', '层', '室'))
    .map(parts => parts.join('')),
  fc.tuple(numeral, numeral, digits(3, 4)).map(parts => parts.join('-')),
  fc
    .tuple(fc.constantFrom('A座', 'B栋', '甲幢', '三单元'), digits(3, 4))
    .map(parts => parts.join('')),
  digits(3, 4).map(room => `三组${room}号`),
  digits(3, 4).map(room => `Room ${room}`),
)

const good = { name: '张*', phone: '138******34', address: '测试路1号***' }

function refuses(change: Partial<typeof good>): void {
  assert.throws(() => checkDisplay({ ...good, ...change }), { code: 'SHOWS_TOO_MUCH' })
}

test('the check accepts every display that the mask makes', () => {
  const level = fc.constantFrom('street' as const, 'region' as const)
  fc.assert(
    fc.property(
      fc.oneof(anyText, fullName),
      fc.oneof(anyText, phone),
      fc.oneof(
        anyText,
        fc.tuple(street, inside).map(parts => parts.join('')),
      ),
      level,
      (n, p, a, shown) => checkDisplay(maskPersonal({ name: n, phone: p, address: a }, shown)),
    ),
    { numRuns: 3000 },
  )
})

test('the check refuses a clear name and a clear phone', () => {
  fc.assert(
    fc.property(fullName, phone, (n, p) => {
      refuses({ name: n })
      refuses({ phone: p })
    }),
  )
})

test('stars behind or before a clear phone do not help it', () => {
  fc.assert(
    fc.property(phone, p => {
      refuses({ phone: `${p}******` })
      refuses({ phone: `******${p}` })
    }),
  )
})

test('the check refuses a clear address, and one that shows a door beside stars', () => {
  fc.assert(
    fc.property(street, inside, (s, i) => {
      refuses({ address: s + i })
      refuses({ address: `${s}${i}***` })
      refuses({ address: `***${s}${i}` })
    }),
  )
})

test('a name shows one character at most, and never all of it', () => {
  fc.assert(
    fc.property(fc.oneof(anyText, fullName), n => {
      const shown = maskName(n).replace(/\*+$/, '')
      assert.ok([...shown].length <= 1)
      assert.match(maskName(n), /\*$/)
      const letters = n.normalize('NFC').match(/\p{L}/gu) ?? []
      if (shown !== '' && letters.length > 0) assert.notEqual(letters.join(''), shown)
    }),
  )
})

test('a phone shows five of its digits at most, and none of an extension', () => {
  fc.assert(
    fc.property(fc.oneof(phone, anyText), p => {
      const display = maskPhone(p)
      assert.match(display, /^(?:1\d\d\*{6}\d\d|0\d{2,3}-\*{7}|\*{11})$/)
    }),
  )
})

test('an address shows nothing of what lies behind the street', () => {
  fc.assert(
    fc.property(street, inside, (s, i) => {
      const display = maskAddress(s + i, 'street')
      const clear = maskAddress(`${s}***`, 'street')
      assert.ok(display === clear || clear.startsWith(display.slice(0, -3)), display)
    }),
  )
})

test('an address shows only what stands in it, in its order', () => {
  fc.assert(
    fc.property(anyText, a => {
      const rest = [...a.normalize('NFKC')][Symbol.iterator]()
      for (const shown of maskAddress(a, 'street').slice(0, -3)) {
        let next = rest.next()
        while (!next.done && next.value !== shown) next = rest.next()
        assert.equal(next.value, shown)
      }
    }),
  )
})

test('name and phone typed into the address, anywhere, are not shown', () => {
  fc.assert(
    fc.property(fullName, phone, street, fc.nat(30), fc.boolean(), (n, p, s, at, joined) => {
      const put = (text: string) => s.slice(0, at) + text + s.slice(at)
      const withName = maskPersonal({ name: n, phone: p, address: put(n) }, 'street').address
      assert.ok(!withName.includes(n.replace(/[ ·]|先生$|女士$|老师$/g, '')), withName)
      const typed = joined ? `${n}${p}` : p
      const withPhone = maskPersonal({ name: n, phone: p, address: put(typed) }, 'street').address
      assert.doesNotMatch(withPhone, /\d{5}/)
    }),
  )
})

test('region level shows nothing of the address', () => {
  fc.assert(fc.property(anyText, a => assert.equal(maskAddress(a, 'region'), '***')))
})
