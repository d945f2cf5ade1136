import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { GatewayError } from '../../lib/model/errors.ts'
import { builder } from '../../lib/translate/builder.ts'
import { identifier, orElse, whole, yuan } from '../../lib/translate/codecs.ts'
import { between, type Codec } from '../../lib/translate/table.ts'

interface Party {
  name?: string
  region?: { province?: string; city?: string }
}

interface Theirs {
  orderNo: string
  payAmount?: string
  method?: number | null
  settlement?: string | null
  language?: string
  isDocall?: 0 | 1
  count?: number
  to?: { contact?: { name?: string }; province?: string; city?: string }
  goods?: { sku?: string; kg?: string; tags?: string[] }[]
  merged?: (string | number)[]
  parties?: [{ type: number; who?: string }, { type: number; who?: string }]
  length?: number
  width?: number
  'a/b~c'?: string
  gift?: string
}

interface Ours {
  lasthop?: '1.0'
  order?: string
  paid?: number
  payer?: 'sender' | 'receiver'
  monthly?: boolean
  pieces?: number
  pickup?: { from: string }
  receiver?: Party
  items?: { code?: string; weight?: number; marks?: string[] }[]
  platformOrders?: string[]
  from?: string
  until?: string
  size?: { length?: number; width?: number }
  odd?: string
  place?: string
}

const digits: Codec<string, number> = {
  name: 'digits',
  to: text => {
    if (!/^\d+$/.test(text)) throw new GatewayError('VALUE_INVALID')
    return Number(text)
  },
  from: number => {
    if (number < 0) throw new GatewayError('VALUE_INVALID')
    return String(number)
  },
}

const b = between<Theirs, Ours>()

const payment = b.row(['/method', '/settlement'], ['/payer', '/monthly'], {
  name: 'payment',
  to: ([method, settlement]) => {
    if (method === 3) throw new GatewayError('PAYER_UNMAPPED')
    if (settlement === '?') throw new GatewayError('CODE_UNKNOWN', '/1')
    return [method === 1 ? 'sender' : 'receiver', settlement === 'm' ? true : undefined]
  },
  from: ([payer, monthly]) => [payer === 'sender' ? 1 : 2, monthly ? 'm' : undefined],
})

const goods = b.each('/goods', '/items', ({ row, each }) => [
  row('/sku', '/code'),
  row('/kg', '/weight', digits),
  each('/tags', '/marks', {
    to: tag => (tag === '' ? undefined : tag),
    from: mark => {
      if (mark === '!') throw new GatewayError('VALUE_TOO_LONG', '', { retry: 'later' })
      return mark
    },
  }),
])

test('a row carries its value both ways, and what is absent or null is not written', () => {
  const table = b.table(b.row('/orderNo', '/order'), b.row('/payAmount', '/paid', yuan))
  assert.deepEqual(table.toOurs({ orderNo: 'A', payAmount: '22.50' }), { order: 'A', paid: 2250 })
  assert.deepEqual(table.toTheirs({ order: 'A', paid: 2250 }), { orderNo: 'A', payAmount: '22.50' })
  const bare = table.toOurs({ orderNo: 'A' })
  assert.deepEqual(Object.keys(bare), ['order'])
  assert.deepEqual(Object.keys(table.toOurs(JSON.parse('{"orderNo":null,"payAmount":null}'))), [])
})

test('members are written in the order of the rows', () => {
  const table = b.table(
    b.row('/gift', '/odd'),
    b.row('/to/contact/name', '/receiver/name'),
    b.row('/orderNo', '/order'),
    b.row('/to/city', '/receiver/region/city'),
  )
  const theirs = { orderNo: 'A', to: { city: 'c', contact: { name: 'n' } }, gift: 'g' }
  assert.equal(
    JSON.stringify(table.toOurs(theirs)),
    '{"odd":"g","receiver":{"name":"n","region":{"city":"c"}},"order":"A"}',
  )
})

test('what a table writes are plain objects and arrays', () => {
  const table = b.table(b.row('/to/city', '/receiver/region/city'), goods)
  const ours = table.toOurs({ orderNo: 'A', to: { city: 'c' }, goods: [{ sku: 's' }] })
  assert.equal(Object.getPrototypeOf(ours), Object.prototype)
  assert.equal(Object.getPrototypeOf(ours.receiver?.region), Object.prototype)
  assert.deepStrictEqual(ours, { receiver: { region: { city: 'c' } }, items: [{ code: 's' }] })
  assert.deepStrictEqual(structuredClone(ours), ours)
})

test('a member that no row names is not carried', () => {
  const table = b.table(
    b.row('/orderNo', '/order'),
    goods,
    b.within('/to', '/receiver', () => []),
  )
  const theirs: Theirs = JSON.parse(
    '{"orderNo":"A","gift":"MARK","to":{"city":"MARK"},"goods":[{"MARK":"MARK"}]}',
  )
  assert.doesNotMatch(JSON.stringify(table.toOurs(theirs)), /MARK/)
})

test('a row without a codec refuses an object, whose names nobody has named', () => {
  const table = b.table(b.row('/gift', '/odd'), b.row('/goods/0/tags', '/platformOrders'))
  const hidden = JSON.parse('{"orderNo":"A","gift":{"name":"x"}}')
  assert.throws(() => table.toOurs(hidden), { code: 'WIRE_INVALID', at: '/gift' })
  const inList = JSON.parse('{"orderNo":"A","goods":[{"tags":["a",{"x":1}]}]}')
  assert.throws(() => table.toOurs(inList), { code: 'WIRE_INVALID', at: '/goods/0/tags' })
})

test('an array of scalars is copied, not shared', () => {
  const table = b.table(b.row('/goods/0/tags', '/platformOrders'))
  const tags = ['a']
  const ours = table.toOurs({ orderNo: 'A', goods: [{ tags }] })
  assert.deepEqual(ours, { platformOrders: ['a'] })
  assert.notEqual(ours.platformOrders, tags)
})

test('a codec may take several places of a side together', () => {
  const table = b.table(payment)
  assert.deepEqual(table.toOurs({ orderNo: '', method: 1, settlement: 'm' }), {
    payer: 'sender',
    monthly: true,
  })
  assert.deepEqual(table.toOurs({ orderNo: '', method: 2, settlement: null }), {
    payer: 'receiver',
  })
  assert.deepEqual(table.toOurs({ orderNo: '', method: null }), {})
  assert.deepEqual(table.toTheirs({ payer: 'sender' }), { method: 1 })
})

test('each translates element by element, and keeps an empty array', () => {
  const table = b.table(goods, b.each('/merged', '/platformOrders', identifier))
  const theirs: Theirs = {
    orderNo: '',
    goods: [{ sku: 'x', kg: '3' }, { tags: ['a', '', 'b'] }, {}],
    merged: [7, '6900000000000000001'],
  }
  assert.deepEqual(table.toOurs(theirs), {
    items: [{ code: 'x', weight: 3 }, { marks: ['a', 'b'] }, {}],
    platformOrders: ['7', '6900000000000000001'],
  })
  assert.deepEqual(table.toOurs({ orderNo: '', goods: [] }), { items: [] })
})

test('each refuses what is no array, and null among its elements', () => {
  const table = b.table(goods)
  const noArray = JSON.parse('{"goods":{"0":{"sku":"x"}}}')
  assert.throws(() => table.toOurs(noArray), { code: 'WIRE_INVALID', at: '/goods' })
  const hole = JSON.parse('{"goods":[{"sku":"x"},null]}')
  assert.throws(() => table.toOurs(hole), { code: 'WIRE_INVALID', at: '/goods/1' })
})

test('within works on objects of either side, the document itself too', () => {
  const table = b.table(
    b.within('/to', '/receiver', ({ row, within }) => [
      row('/contact/name', '/name'),
      within('', '/region', ({ row }) => [row('/province', '/province'), row('/city', '/city')]),
    ]),
    b.within('', '/size', ({ row }) => [row('/length', '/length'), row('/width', '/width')]),
  )
  const theirs: Theirs = { orderNo: '', to: { contact: { name: 'n' }, city: 'c' }, width: 4 }
  const ours: Ours = { receiver: { name: 'n', region: { city: 'c' } }, size: { width: 4 } }
  assert.deepEqual(table.toOurs(theirs), ours)
  assert.deepEqual(table.toTheirs(ours), { to: theirs.to, width: 4 })
  assert.deepEqual(table.toOurs({ orderNo: '' }), {})
})

test('rows may name elements of an array by index', () => {
  const table = b.table(
    b.constant('/parties/0/type', 1),
    b.row('/parties/0/who', '/from'),
    b.constant('/parties/1/type', 2),
    b.row('/parties/1/who', '/until'),
  )
  assert.deepEqual(table.toTheirs({ until: 'u' }), {
    parties: [{ type: 1 }, { type: 2, who: 'u' }],
  })
})

test('trailing elements may be absent, earlier ones may not: nothing moves up', () => {
  const table = b.table(b.row('/goods/0/sku', '/from'), b.row('/goods/1/sku', '/until'))
  assert.deepEqual(table.toTheirs({ from: 'a' }), { goods: [{ sku: 'a' }] })
  assert.deepEqual(table.toTheirs({}), {})
  assert.throws(() => table.toTheirs({ until: 'b' }), { code: 'WIRE_INVALID' })
})

test('a constant is written and, unless checked, not looked at', () => {
  const table = b.table(b.constant('/language', 'zh-CN'), b.row('/orderNo', '/order'))
  assert.deepEqual(table.toTheirs({ order: 'A' }), { language: 'zh-CN', orderNo: 'A' })
  assert.deepEqual(table.toOurs({ orderNo: 'A', language: '0' }), { order: 'A' })
})

test('a checked constant refuses another value, or none', () => {
  const table = b.table(
    b.constant('/parties/0/type', 1, { checked: true }),
    b.ourConstant('/lasthop', '1.0', { checked: true }),
  )
  const swapped = { orderNo: '', parties: [{ type: 2 }, { type: 1 }] } satisfies Theirs
  assert.throws(() => table.toOurs(swapped), { code: 'WIRE_INVALID', at: '/parties/0/type' })
  assert.throws(() => table.toTheirs({}), { code: 'WIRE_INVALID', at: '/lasthop' })
  assert.deepEqual(table.toOurs({ orderNo: '', parties: [{ type: 1 }, { type: 2 }] }), {
    lasthop: '1.0',
  })
})

test('inside an object that is absent nothing is written: no constant, no default, nothing made', () => {
  const table = b.table(
    b.within('/to', '/pickup', ({ constant, toTheirsOnly }) => [
      constant('/province', 'P'),
      toTheirsOnly('/city', '/from', from => from ?? 'C', 'made for this test'),
    ]),
  )
  assert.deepEqual(table.toTheirs({}), {})
  assert.deepEqual(table.toTheirs({ pickup: { from: 'f' } }), { to: { province: 'P', city: 'f' } })
})

test('an absent codec says what absence stands for', () => {
  const table = b.table(b.row('/count', '/pieces', orElse(whole, 1)))
  assert.deepEqual(table.toOurs({ orderNo: '' }), { pieces: 1 })
  assert.deepEqual(table.toOurs({ orderNo: '', count: 3 }), { pieces: 3 })
  assert.deepEqual(table.toTheirs({ pieces: 1 }), { count: 1 })
})

test('rows of one direction are always asked, and leave the other direction alone', () => {
  const table = b.table(
    b.toTheirsOnly('/isDocall', '/pickup', pickup => (pickup ? 1 : 0), 'follows from the window'),
    b.toOursOnly(
      ['/to/province', '/to/city'],
      '/place',
      ([province, city]) =>
        [province, city].filter(part => part !== undefined).join('') || undefined,
      'read for people only',
    ),
  )
  assert.deepEqual(table.toTheirs({}), { isDocall: 0 })
  assert.deepEqual(table.toTheirs({ pickup: { from: '' }, place: 'x' }), { isDocall: 1 })
  assert.deepEqual(table.toOurs({ orderNo: '', isDocall: 1, to: { city: 'c' } }), { place: 'c' })
  assert.deepEqual(table.toOurs({ orderNo: '' }), {})
})

test('the context reaches codecs and functions', () => {
  const { row, toTheirsOnly, table } = between<Theirs, Ours, { code: string; factor: number }>()
  const configured = table(
    row('/count', '/pieces', {
      to: (count, { factor }) => count * factor,
      from: (pieces, { factor }) => pieces / factor,
    }),
    toTheirsOnly('/gift', [], (_, { code }) => code, 'from the configuration'),
  )
  const context = { code: 'C', factor: 2 }
  assert.deepEqual(configured.toOurs({ orderNo: '', count: 2 }, context), { pieces: 4 })
  assert.deepEqual(configured.toTheirs({ pieces: 4 }, context), { count: 2, gift: 'C' })
})

test('an error carries the place that was read, with its index', () => {
  const table = b.table(payment, goods, b.row('/payAmount', '/paid', digits))
  const at = (theirs: Partial<Theirs>) => () => table.toOurs({ orderNo: '', ...theirs })
  assert.throws(at({ payAmount: 'x' }), { code: 'VALUE_INVALID', at: '/payAmount' })
  assert.throws(at({ goods: [{ kg: '1' }, { kg: 'x' }] }), { at: '/goods/1/kg' })
  assert.throws(at({ method: 3 }), { code: 'PAYER_UNMAPPED', at: '/method' })
  assert.throws(at({ method: 1, settlement: '?' }), { at: '/settlement' })
  assert.throws(() => table.toTheirs({ paid: -1 }), { at: '/paid' })
  const marks = { items: [{}, { marks: ['a', '!'] }] }
  assert.throws(() => table.toTheirs(marks), {
    code: 'VALUE_TOO_LONG',
    at: '/items/1/marks/1',
    retry: 'later',
  })
})

test('an error that is not ours passes as it is', () => {
  const bug = new TypeError('a mistake in a codec')
  const broken = b.table(
    b.row('/gift', '/odd', {
      to: () => {
        throw bug
      },
      from: text => text,
    }),
  )
  assert.throws(
    () => broken.toOurs({ orderNo: '', gift: 'x' }),
    error => error === bug,
  )
})

test('names are escaped in pointers and never become code', () => {
  const table = b.table(b.row('/a~1b~0c', '/odd'))
  assert.deepEqual(table.toOurs({ orderNo: '', 'a/b~c': 'x' }), { odd: 'x' })
  const names = fc
    .string({ unit: 'binary', minLength: 1 })
    .filter(name => !(name in Object.prototype))
  fc.assert(
    fc.property(names, name => {
      const pointer = `/n${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
      const hostile = builder.table(builder.row(pointer, '/out'))
      assert.deepEqual(hostile.toOurs({ [`n${name}`]: 'x' }, undefined), { out: 'x' })
      assert.deepEqual(hostile.toTheirs({ out: 'x' }, undefined), { [`n${name}`]: 'x' })
    }),
  )
})

test('a table cannot name what every object has from birth', () => {
  const { row, table } = builder
  for (const name of ['__proto__', 'constructor', 'toString', 'valueOf']) {
    const hostile = table(row(`/${name}`, '/out'))
    assert.throws(() => hostile.toOurs({}, undefined), TypeError)
    assert.throws(() => hostile.toTheirs({}, undefined), TypeError)
  }
})

test('hostile members of a document are not followed', () => {
  const table = b.table(b.row('/to/city', '/receiver/region/city'), goods)
  const theirs = JSON.parse('{"__proto__":{"to":{"city":"x"}},"goods":[{"__proto__":{"sku":"y"}}]}')
  assert.deepEqual(table.toOurs(theirs), { items: [{}] })
  assert.equal(Object.hasOwn({}, 'sku'), false)
})

test('two rows that write one place are a mistake', () => {
  const empty = { orderNo: '' }
  const twice = b.table(b.row('/gift', '/odd'), b.row('/language', '/odd'))
  assert.throws(() => twice.toOurs(empty), TypeError)
  assert.deepEqual(twice.toTheirs({ odd: 'x' }), { gift: 'x', language: 'x' })
  const constant = b.table(b.constant('/language', 'x'), b.row('/language', '/odd'))
  assert.throws(() => constant.toTheirs({}), TypeError)
  const { row, table } = between<{ a: string; b: { c: string } }, { x: string; y: string }>()
  const whole = row('/b', '/y', { to: value => value.c, from: c => ({ c }) })
  assert.throws(() => table(whole, row('/b/c', '/x')).toTheirs({ x: '', y: '' }), TypeError)
  assert.throws(() => table(row('/b/c', '/x'), whole).toTheirs({ x: '', y: '' }), TypeError)
})

test('a bare array may be a document', () => {
  const { each, table } = between<{ mailno: string }[], { events: { waybill: string }[] }>()
  const push = table(each('', '/events', ({ row }) => [row('/mailno', '/waybill')]))
  assert.deepEqual(push.toOurs([{ mailno: 'K' }]), { events: [{ waybill: 'K' }] })
  assert.deepEqual(push.toTheirs({ events: [{ waybill: 'K' }] }), [{ mailno: 'K' }])
})

test('a table tells its rows and losses to those who check it', () => {
  const table = b.table(
    b.constant('/language', 'zh'),
    payment,
    goods,
    b.within('/to', '/receiver', ({ row, theirLoss }) => [
      row('/city', '/name'),
      theirLoss('/contact/name', 'inside'),
    ]),
    b.row('/payAmount', '/paid', { ...digits, lossy: { theirs: 'rounded', ours: 'cut' } }),
    b.toTheirsOnly('/isDocall', '/pickup', () => 0, 'not read back'),
    b.toTheirsOnly('/width', '/paid', () => 1, 'a row of both ways names it too'),
    b.theirLoss('/gift', 'no such field'),
    b.ourLoss('/items/[]/marks', 'no such field'),
  )
  assert.deepEqual(
    table.rows.map(({ theirs, ours, writes, codec }) => [theirs, ours, writes, codec?.name]),
    [
      [['/language'], [], 'theirs', undefined],
      [['/method', '/settlement'], ['/payer', '/monthly'], undefined, 'payment'],
      [['/goods/[]/sku'], ['/items/[]/code'], undefined, undefined],
      [['/goods/[]/kg'], ['/items/[]/weight'], undefined, 'digits'],
      [['/goods/[]/tags/[]'], ['/items/[]/marks/[]'], undefined, undefined],
      [['/to/city'], ['/receiver/name'], undefined, undefined],
      [['/payAmount'], ['/paid'], undefined, 'digits'],
      [['/isDocall'], ['/pickup'], 'theirs', undefined],
      [['/width'], ['/paid'], 'theirs', undefined],
    ],
  )
  assert.deepEqual(table.losses, [
    { at: '/to/contact/name', side: 'theirs', because: 'inside' },
    { at: '/payAmount', side: 'theirs', because: 'rounded' },
    { at: '/paid', side: 'ours', because: 'cut' },
    { at: '/pickup', side: 'ours', because: 'not read back' },
    { at: '/gift', side: 'theirs', because: 'no such field' },
    { at: '/items/[]/marks', side: 'ours', because: 'no such field' },
  ])
})

test('unnamed members are told by pointer, never by value, and a name that is none is not shown', () => {
  const table = b.table(
    b.row('/orderNo', '/order'),
    goods,
    b.constant('/language', 'zh'),
    b.theirLoss('/gift', 'no such field'),
    b.toOursOnly('', '/place', () => 'x', 'reads all, names nothing'),
  )
  const theirs = {
    orderNo: 'A',
    gift: { any: 'thing' },
    language: '0',
    goods: [{ sku: 's', size: { cm: 1 } }, { size: { cm: 2, in: null } }],
    张三: 1,
    '13800000000': { a_13800000000: 1 },
    'x/y': 1,
    empty: {},
  }
  assert.deepEqual(table.unnamed(theirs), ['/goods/[]/size/cm', '/goods/[]/size/in', '/*', '/*/*'])
  const many = Object.fromEntries(Array.from({ length: 999 }, (_, n) => [`k${n}`, n]))
  assert.equal(table.unnamed(many).length, 100)
})
