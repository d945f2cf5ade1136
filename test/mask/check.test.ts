import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkDisplay, screenText } from '../../lib/mask/check.ts'

const display = { name: '张*', phone: '138******34', address: '测试路1号样例小区***' }

const refused: Record<keyof typeof display, [about: string, text: string][]> = {
  name: [
    ['nothing is hidden', '张三'],
    ['one character, shown', '张'],
    ['Latin, nothing hidden', 'Zhang San'],
    ['a star that is none', '张✱'],
    ['nothing at all', ''],
    ['a phone beside a star', '张* 13800000000'],
    ['a phone in full-width digits', '张*１３８００００００００'],
    ['an invisible character', '张*\u200b'],
    ['invisible tags', '张*\u{e0041}\u{e0042}'],
    ['a character that turns the line', '*\u202e三张'],
    ['a control character', '张*\n'],
    ['a lone surrogate', '张*\ud800'],
  ],
  phone: [
    ['four digits hidden', '138****1234'],
    ['five digits hidden', '138*****234'],
    ['five stars and five digits', '138*****34'],
    ['six stars and six digits', '138******234'],
    ['nothing hidden', '13800000000'],
    ['six stars and a whole number', '13800000000******'],
    ['six stars and the extension', '138******34-1234'],
    ['six stars and seven digits', '138******1234'],
    ['six stars, full-width digits', '138******１２３４'],
    ['six stars, Arabic digits', '138******١٢٣٤'],
    ['digits in words', '138******一二三四'],
    ['a landline with extension', '0592-*******-801'],
    ['a name beside it', '138******34 张三'],
    ['letters', 'tel138******34'],
    ['nothing at all', ''],
    ['an invisible character', '138\u200b******34x'],
  ],
  address: [
    ['nothing hidden', '测试路1号样例小区2栋301室'],
    ['nothing hidden, nothing to see', '测试路样例小区'],
    ['nothing at all', ''],
    ['a building', '测试路1号样例小区2栋***'],
    ['a building by number', '测试路1号样例小区2号楼***'],
    ['a building by letter', '测试路1号A座***'],
    ['a building by stem', '测试路1号甲幢***'],
    ['a unit', '样例小区*栋1单元***'],
    ['a unit in Chinese numerals', '样例小区*栋二单元***'],
    ['a unit by side', '样例小区东单元***'],
    ['a floor', '测试路1号12楼***'],
    ['a floor in Chinese numerals', '测试路1号十二层***'],
    ['the ground floor', '测试路1号底楼***'],
    ['a room', '测试路1号***301室'],
    ['a room, stars in front', '***301'],
    ['a room, a star inside', '样例小区2*301'],
    ['a room behind the plot', '测试路1号301***'],
    ['a room in Chinese numerals', '样例小区三零一***'],
    ['a room in full-width digits', '样例小区３０１***'],
    ['a room in Arabic digits', '样例小区٣٠١***'],
    ['a room in circled digits', '样例小区③⓪①***'],
    ['building-unit-room', '1-2-301***'],
    ['a house in a village', '李家村12号***'],
    ['a house in Chinese numerals', '李家村十二号***'],
    ['a team of a village', '李家村三组***'],
    ['a number of a town, not of a road', '样例街道12号***'],
    ['a house in a lane', '测试路123弄45号***'],
    ['a number without a road', '88号***'],
    ['a locker', '样例小区3号柜***'],
    ['a phone', '测试路1号***13800000000'],
    ['somebody', '测试路1号李四收***'],
    ['somebody with a title', '测试路1号***李先生'],
    ['a Latin room', 'Room 301, Ceshi Road ***'],
    ['an invisible character', '测试路1号\u2060***'],
  ],
}

for (const [field, cases] of Object.entries(refused)) {
  for (const [about, text] of cases) {
    test(`${field} refused: ${about}`, () => {
      assert.throws(() => checkDisplay({ ...display, [field]: text }, '/receiver/display'), {
        name: 'GatewayError',
        code: 'SHOWS_TOO_MUCH',
        at: `/receiver/display/${field}`,
        message: `SHOWS_TOO_MUCH at /receiver/display/${field}`,
      })
    })
  }
}

const accepted: Record<keyof typeof display, string[]> = {
  name: ['张*', '*三', '*', '欧阳*', '张*先生', 'J**n', '买买提·*', '张＊', '😀*'],
  phone: [
    '138******34',
    '***********',
    '1*********4',
    '1*8*0*0*0**',
    '+86 138******34',
    '0592-******7',
    '１３８＊＊＊＊＊＊３４',
  ],
  address: [
    '***',
    '测试路1号***',
    '测试路一号样例小区***',
    '测试路**号***',
    '样例小区*栋*单元***',
    '样例小区2期***',
    '312国道5号***',
    '17路***',
    '测试路123弄***',
    '福建省厦门市三元区测试路1号***',
    '鼓楼区鼓楼街5号***',
    '收费站路5号***',
    '样例SOHO***',
  ],
}

for (const [field, texts] of Object.entries(accepted)) {
  for (const text of texts) {
    test(`${field} accepted: ${text}`, () => {
      assert.doesNotThrow(() => checkDisplay({ ...display, [field]: text }))
    })
  }
}

test('a free text with a phone is refused at its place, without the phone', () => {
  assert.throws(() => screenText('茶具 13800000000', '/goods/0/name'), {
    code: 'SHOWS_TOO_MUCH',
    at: '/goods/0/name',
    message: 'SHOWS_TOO_MUCH at /goods/0/name',
  })
})

test('a free text without one is accepted', () => {
  assert.doesNotThrow(() => screenText('茶具套装 白色 500ml', '/goods/0/name'))
})
