import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  HIDDEN_ADDRESS,
  maskAddress,
  maskName,
  maskPersonal,
  maskPhone,
} from '../../lib/mask/mask.ts'

const names: [about: string, name: string, display: string][] = [
  ['two characters', '张三', '张*'],
  ['three characters', '张测试', '张**'],
  ['many characters tell no length', '张测试样例', '张**'],
  ['one character is hidden wholly', '张', '*'],
  ['one character with a dot is one character', '张.', '*'],
  ['one character with spaces and joiners is one character', ' 张\u200d\u200b ', '*'],
  ['a compound surname is not told', '欧阳测试', '欧**'],
  ['a compound surname alone', '司马', '司*'],
  ['a title', '张三先生', '张**'],
  ['brackets are no characters', '（张三）', '张*'],
  ['Latin letters', 'Zhang Ceshi', 'Z**'],
  ['two Latin letters', 'Li', 'L*'],
  ['an accent in two code points', 'E\u0301va', 'É**'],
  ['a name with a dot', '买买提·测试', '买**'],
  ['Tibetan, with vowel signs', 'བཀྲ་ཤིས', 'བ**'],
  ['a character beyond the BMP', '𠮷测试', '𠮷**'],
  ['one character beyond the BMP', '𠮷', '*'],
  ['one character with a variation selector', '葛\u{e0100}', '*'],
  ['a variation selector is not carried', '葛\u{e0100}城', '葛*'],
  ['an emoji', '😀三', '😀*'],
  ['an emoji hides no letter', '张😀', '**'],
  ['a digit hides no letter', '张1', '**'],
  ['a family is one character', '👨‍👩‍👧', '*'],
  ['a flag is one character and no letter', '🇨🇳三', '**'],
  ['a shop', '样例贸易有限公司', '样**'],
  ['a digit in front is hidden', '1号样例', '***'],
  ['a phone in the name field', '13800000000', '***'],
  ['a lone surrogate', '\ud842', '*'],
  ['invisible tags behind a character', '张\u{e0041}\u{e0042}', '*'],
  ['nothing', '', '*'],
]

const phones: [about: string, phone: string, display: string][] = [
  ['a mobile', '13800000000', '138******00'],
  ['a mobile in groups', '138 0000-0000', '138******00'],
  ['a mobile with +86', '+86 13800000000', '138******00'],
  ['a mobile with 0086', '008613800000000', '138******00'],
  ['a mobile with 86', '86-13800000000', '138******00'],
  ['full-width digits', '１３８００００００００', '138******00'],
  ['a virtual number hides its extension', '18400000000-1234', '184******00'],
  ['a landline hides the subscriber', '0592-1234567', '0592-*******'],
  ['a landline in one', '05921234567', '0592-*******'],
  ['a landline with eight digits', '(010)12345678', '010-*******'],
  ['a landline with extension', '0592-1234567转801', '0592-*******'],
  ['a landline with +86 and zero', '+86 0592 1234567', '0592-*******'],
  ['abroad', '+1 415 555 0100', '***********'],
  ['abroad, looks like a mobile', '+13800000000', '***********'],
  ['Hong Kong', '+852 5123 4567', '***********'],
  ['no area code', '1234567', '***********'],
  ['short', '110', '***********'],
  ['a service number', '400-820-0000', '***********'],
  ['two phones', '13800000000/13900000000', '***********'],
  ['digits of another script', '١٣٨٠٠٠٠٠٠٠٠', '***********'],
  ['Chinese numerals', '一三八零零零零零零零零', '***********'],
  ['a name in the phone field', '张三', '***********'],
  ['nothing', '', '***********'],
]

const addresses: [about: string, address: string, display: string][] = [
  ['the worked example, sender', '样例街2号样例仓库', '样例街2号***'],
  ['the worked example, receiver', '测试路1号样例小区2栋301室', '测试路1号样例小区***'],
  ['building, unit, room', '样例大道88号测试花园5栋1单元602', '样例大道88号测试花园***'],
  ['a room behind the plot', '测试路1号301', '测试路1号***'],
  ['a room behind the road', '测试路301', '测试路***'],
  ['a room behind the community', '样例小区301', '样例小区***'],
  ['a room in Chinese numerals', '样例小区三零一', '样例小区***'],
  ['building-unit-room', '1-2-301', '***'],
  ['block and room', 'A座1203', '***'],
  ['building first', '5栋1单元602', '***'],
  ['a building is not a plot', '测试路1号楼301', '测试路***'],
  ['a building is not a plot, with spaces', '测试路 1号 楼 301', '测试路***'],
  ['a gate is not a plot', '测试路2号门', '测试路***'],
  ['a number with a branch is no plot', '测试路1-2号', '测试路***'],
  ['a yard with buildings', '测试路8号院3号楼', '测试路8号***'],
  ['a lane is a plot, the house in it is not', '测试路123弄45号601室', '测试路123弄***'],
  ['a house in a village', '李家村12号', '李家村***'],
  ['a house in a team of a village', '李家村三组15号', '李家村***'],
  ['a team alone', '三组15号', '***'],
  ['a road of a village', '李家村样例路7号', '李家村样例路7号***'],
  ['full-width digits', '测试路１号样例小区２栋', '测试路1号样例小区***'],
  ['a plot in Chinese numerals', '测试路十二号三单元十二楼', '测试路十二号***'],
  ['a unit in Chinese numerals', '三单元十二楼', '***'],
  [
    'regions repeated',
    '福建省厦门市思明区莲前街道测试路1号2栋',
    '福建省厦门市思明区莲前街道测试路1号***',
  ],
  ['regions with commas', '福建省，厦门市，测试路1号', '福建省厦门市测试路1号***'],
  ['a road named for a village', '样例村大街27号3层', '样例村大街27号***'],
  ['a road named for a floor', '鼓楼街5号6楼', '鼓楼街5号***'],
  ['a road with digits', '纬17路8号A座', '纬17路8号***'],
  ['a national road', '312国道5号东侧', '312国道5号***'],
  ['a crossing', '测试路与样例路交叉口东', '测试路与样例路***'],
  ['a tower is a building', '测试路1号样例大厦1203', '测试路1号***'],
  ['a road behind a plot is not read', '测试路1号样例巷5号', '测试路1号***'],
  ['a road named for a first floor', '幺楼路5号', '***'],
  ['a second community is not read', '样例小区测试花园2栋', '样例小区***'],
  ['a number behind a community is a building', '样例新村12号', '样例新村***'],
  ['a phone in front', '13800000000 测试路1号', '***'],
  ['a phone behind', '测试路1号13800000000', '测试路1号***'],
  ['a phone in place of a plot', '测试路13800000000号', '测试路***'],
  ['a phone in Chinese numerals', '测试路一三八零零零零零零零零号', '测试路***'],
  ['somebody to hand over to', '测试路1号李四收样例小区', '测试路1号***'],
  ['somebody with a title', '李四先生样例小区', '***'],
  ['a parcel locker', '丰巢柜3号取件码8-2-3456', '***'],
  ['a locker of a community', '样例小区丰巢柜3号', '样例小区***'],
  ['Latin', 'Room 301, No.2 Ceshi Road', '***'],
  ['Latin behind a road', '测试路1号Room 301', '测试路1号***'],
  ['ground floor', '底楼样例小区', '***'],
  ['nothing understood', '蓝色铁门进去左转', '***'],
  ['already masked', '测试路1号样例小区**', '测试路1号样例小区***'],
  ['joiners between digits', '测试路1\u200b2号3\u200b栋', '测试路12号***'],
  ['very long', '测试路'.repeat(200), `${'测试路'.repeat(40)}***`],
  ['nothing', '', '***'],
]

for (const [about, name, display] of names) {
  test(`name: ${about}`, () => assert.equal(maskName(name), display))
}

for (const [about, phone, display] of phones) {
  test(`phone: ${about}`, () => assert.equal(maskPhone(phone), display))
}

for (const [about, address, display] of addresses) {
  test(`address: ${about}`, () => assert.equal(maskAddress(address, 'street'), display))
  test(`address, region only: ${about}`, () =>
    assert.equal(maskAddress(address, 'region'), HIDDEN_ADDRESS))
}

const person = { name: '张三', phone: '13800000000', address: '测试路1号样例小区2栋301室' }

test('a display is made of name, phone and address only', () => {
  const display = maskPersonal({ ...person, company: '样例贸易' }, 'street')
  assert.deepEqual(display, { name: '张*', phone: '138******00', address: '测试路1号样例小区***' })
})

test('a landline stands in for the mobile', () => {
  const { phone: _, ...rest } = person
  const display = maskPersonal({ ...rest, telephone: '0592-1234567' }, 'street')
  assert.equal(display.phone, '0592-*******')
})

const typedIn: [about: string, change: object, address: string][] = [
  ['the name in a community', { address: '测试路1号张三花园2栋' }, '测试路1号***'],
  ['the name in a road', { address: '样例村张三路1号' }, '样例村***'],
  ['the name in front', { address: '张三福建省厦门市测试路1号' }, '***'],
  ['the name in full, title apart', { name: '张三先生', address: '张三花园2栋' }, '***'],
  ['the name in other forms', { name: ' 张・三 ', address: '测试路1号张三花园' }, '测试路1号***'],
  ['a name of one character', { name: '李', address: '测试路1号李家花园' }, '测试路1号***'],
  ['the company', { company: '样例', address: '测试路1号样例园区' }, '测试路1号***'],
]

for (const [about, change, address] of typedIn) {
  test(`typed into the address: ${about}`, () => {
    assert.equal(maskPersonal({ ...person, ...change }, 'street').address, address)
  })
}
