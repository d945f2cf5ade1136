import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Finding, findPersonal } from '../../lib/mask/check.ts'

const found: [text: string, kinds: Finding[]][] = [
  ['13800000000', ['mobile']],
  ['茶具 加微信13800000000', ['mobile']],
  ['vx13800000000领券', ['mobile']],
  ['138 0000 0000', ['mobile']],
  ['138-0000-0000', ['mobile']],
  ['1380-000-0000', ['mobile']],
  ['138.0000.0000', ['mobile']],
  ['1 3 8 0 0 0 0 0 0 0 0', ['mobile']],
  ['1-3-8-0-0-0-0-0-0-0-0', ['mobile']],
  ['+86 138 0000 0000', ['mobile']],
  ['8613800000000', ['mobile']],
  ['008613800000000', ['mobile']],
  ['１３８００００００００', ['mobile']],
  ['١٣٨٠٠٠٠٠٠٠٠', ['mobile']],
  ['①③⑧⓪⓪⓪⓪⓪⓪⓪⓪', ['mobile']],
  ['138\u200b0000\u200b0000', ['mobile']],
  ['一三八零零零零〇〇〇〇', ['mobile']],
  ['幺三八零零零零零零零零', ['mobile']],
  ['0592-1234567', ['landline']],
  ['(0592) 1234567', ['landline']],
  ['05921234567', ['landline']],
  ['010-1234 5678', ['landline']],
  ['01012345678', ['landline']],
  ['+86 0592 1234567', ['landline']],
  ['059212345671', ['landline']],
  ['+1 415 555 0100', ['abroad']],
  ['11010519491231002X', ['id']],
  ['11010519491231002x', ['id']],
  ['１１０１０５１９４９１２３１００２Ｘ', ['id']],
  ['110105 19491231 002X', ['id']],
  ['0592-1234567 或 13800000000', ['mobile', 'landline']],
]

const goods = [
  '',
  '茶具套装 白色',
  '500ml',
  'iPhone 15 256G',
  'iPhone 16 128 256 512',
  '8+256G 16+512G',
  '6+128000000',
  '13.5寸 1920*1080',
  '6901234567892',
  '8605921234567',
  '036000291452',
  'ISBN 978-7-111-00000-0',
  'SKU 2023110512345',
  'SKU-1234567890',
  'SN138000000001234567',
  '20230101-20230131',
  '2026-0512-20260512',
  '1234567',
  '123456789012345678',
  '110105194912310029',
  '110105194913310022',
  '6900000000000000001',
  '12000000000',
  '23800000000',
  '1380000000',
  '138000000000',
  '138****1234',
  '三八妇女节一二三四五六',
  'GB/T 41833-2022',
  '3.1415926535',
  '10-20-30-40-50',
]

for (const [text, kinds] of found) {
  test(`found in ${JSON.stringify(text)}`, () => assert.deepEqual(findPersonal(text), kinds))
}

for (const text of goods) {
  test(`nothing found in ${JSON.stringify(text)}`, () => assert.deepEqual(findPersonal(text), []))
}

const digits = (length: number) =>
  fc.array(fc.nat(9), { minLength: length, maxLength: length }).map(all => all.join(''))

/** Around a number; no digit, no sign that could join one. */
const words = fc.constantFrom('', '茶具', ' 加微信 ', 'vx', '：', '【', '，电话', '\n', '😀')

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

/** The check digit as GB 11643 tabulates it. */
function checkDigit(seventeen: string): string {
  const sum = weights.reduce((total, weight, i) => total + weight * Number(seventeen[i]), 0)
  return '10X98765432'.charAt(sum % 11)
}

test('every mobile in a usual writing is found', () => {
  const style = fc.constantFrom<(n: string) => string>(
    n => n,
    n => `${n.slice(0, 3)}-${n.slice(3, 7)}-${n.slice(7)}`,
    n => `${n.slice(0, 4)} ${n.slice(4, 7)} ${n.slice(7)}`,
    n => n.split('').join(' '),
    n => n.replace(/\d/g, digit => String.fromCharCode(0xff10 + Number(digit))),
    n => n.replace(/\d/g, digit => '〇一二三四五六七八九'.charAt(Number(digit))),
    n => `+86${n}`,
  )
  fc.assert(
    fc.property(words, fc.integer({ min: 3, max: 9 }), digits(9), style, words, (a, n, m, as, b) =>
      assert.ok(findPersonal(a + as(`1${n}${m}`) + b).includes('mobile')),
    ),
  )
})

test('an id is found by its check digit and by no other', () => {
  const day = fc.date({
    min: new Date('1930-01-01'),
    max: new Date('2025-12-31'),
    noInvalidDate: true,
  })
  fc.assert(
    fc.property(day, digits(3), fc.constantFrom('110105', '350203'), (born, serial, county) => {
      const number = county + born.toISOString().slice(0, 10).replaceAll('-', '') + serial
      const right = checkDigit(number)
      for (const last of '0123456789X') {
        assert.equal(findPersonal(`款号${number}${last}`).includes('id'), last === right)
      }
    }),
  )
})

test('no bar code is taken for a phone or an id', () => {
  const withCheckDigit = (body: string) => {
    const sum = Array.from(body)
      .reverse()
      .reduce((total, digit, i) => total + Number(digit) * (i % 2 === 0 ? 3 : 1), 0)
    return body + ((10 - (sum % 10)) % 10)
  }
  fc.assert(
    fc.property(fc.constantFrom('69', '45', '0', '9'), digits(11), digits(11), (country, a, b) => {
      const ean = withCheckDigit((country + a).slice(0, 12))
      const upc = withCheckDigit(b)
      assert.deepEqual(findPersonal(`条码${ean}`), [])
      assert.deepEqual(findPersonal(`UPC ${upc}`), [])
    }),
  )
})
