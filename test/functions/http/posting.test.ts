import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { md5Hex } from '../../../lib/access/digest.ts'
import { openSecrets } from '../../../lib/access/secrets.ts'
import { member } from '../../../lib/cli/send.ts'
import { gatewayApp } from '../../../lib/local/server.ts'
import { type Bench, orderOf, type Sent, startBench } from './bench.ts'
import {
  cipher,
  fresh,
  info,
  type Json,
  outcome,
  outcomes,
  PENDING,
  request,
  SENDER,
} from './orders.ts'

// What a platform posts and what is wrong with it, each fault beside the same call without it.

let bench: Bench
before(async () => {
  bench = await startBench()
})
after(() => bench.stop())

/** All that is kept of an order that was taken, and of nothing else. */
const keptOf = (parcel: string) => [
  'Keys key key',
  'Orders feed#courier entry',
  'Orders order doc#1',
  'Orders order head',
  `Orders ref#platform ${parcel}`,
]

const KEPT = keptOf('-')

/** `401 30001 isv.signature-invalid`: status, code and sub_code of an answer to the whole call. */
const verdict = ({ status, body }: { status: number; body: unknown }) =>
  [status, member(body, 'code'), member(body, 'sub_code')].filter(part => part !== '').join(' ')

const UNSIGNED = '401 30001 isv.signature-invalid'
const MISSING = '200 40002 isv.missing-parameter:400'
const INVALID = '200 40004 isv.parameter-invalid:1000'

describe('a call that is refused as a whole', () => {
  const minutes = (count: number) => new Date(Date.now() + count * 60_000)
  const query =
    (change: (query: URLSearchParams) => void) =>
    (sent: Sent): Sent => {
      const [path = '', text] = sent.path.split('?')
      const parameters = new URLSearchParams(text)
      change(parameters)
      return { ...sent, path: `${path}?${parameters}` }
    }
  const without = (name: string) => query(parameters => parameters.delete(name))
  const body = (change: (text: string) => string | Uint8Array<ArrayBuffer>) => (sent: Sent) => ({
    ...sent,
    body: change(String(sent.body)),
  })
  const byMd5 = (sent: Sent) =>
    query(parameters => {
      const { secret, appKey } = bench.platform
      const time = parameters.get('timestamp')
      const text = `app_key${appKey}methodlogistics.newCreateOrderparam_json${sent.body}timestamp${time}v2`
      parameters.delete('sign_method')
      parameters.set('sign', md5Hex(secret + text + secret))
    })(sent)

  const signatures: Record<string, [(sent: Sent) => Sent, at?: Date]> = {
    'a wrong signature': [query(parameters => parameters.set('sign', '0'.repeat(64)))],
    'no signature': [without('sign')],
    'a body changed after signing': [body(text => text.replace('测试路1号', '测试路2号'))],
    'bytes changed that mean the same': [body(text => text.replace(',', ', '))],
    'no sign_method': [without('sign_method')],
    'no sign_method, signed by MD5': [byMd5],
    'another key': [query(parameters => parameters.set('app_key', '6800000000000000002'))],
    'no timestamp': [without('timestamp')],
    'a timestamp changed after signing': [
      query(parameters => {
        parameters.set('timestamp', String(Number(parameters.get('timestamp')) - 1))
      }),
    ],
    'a time of six minutes ago': [sent => sent, minutes(-6)],
    'a time in six minutes': [sent => sent, minutes(6)],
    'a parameter that comes twice': [sent => ({ ...sent, path: `${sent.path}&v=2` })],
    'a signature of HTTP that is none': [
      sent => ({ ...sent, headers: { ...sent.headers, 'signature-input': 'sig=()' } }),
    ],
  }
  for (const [name, [alter, at = minutes(0)]] of Object.entries(signatures)) {
    test(name, async () => {
      const document = request([info(fresh())])
      const before = await bench.total()
      assert.equal(verdict(await bench.native(document, { at }, alter)), UNSIGNED)
      assert.equal(await bench.total(), before)
      assert.equal(outcome(await bench.native(document)), PENDING)
    })
  }

  test('a secret that is another’s', async () => {
    const document = request([info(fresh())])
    assert.equal(verdict(await bench.native(document, { secret: 'another' })), UNSIGNED)
    assert.equal(outcome(await bench.native(document)), PENDING)
  })

  test('four minutes either way are taken', async () => {
    for (const at of [minutes(-4), minutes(4)])
      assert.equal(outcome(await bench.native(request([info(fresh())]), { at })), PENDING)
  })

  const documents: Record<string, [string, (document: string) => string]> = {
    'JSON that breaks off': [MISSING, text => text.slice(0, -1)],
    'nothing at all': [MISSING, () => ''],
    'a list': [INVALID, text => `[${text}]`],
    'a name that comes twice': [MISSING, text => text.replace('{', '{"logistics_code":"x",')],
    'a name that reaches a prototype': [MISSING, text => text.replace('{', '{"__proto__":{},')],
    'half a surrogate pair': [MISSING, text => text.replace('张三', '\\ud842')],
    'nested seventy deep': [
      MISSING,
      text => text.replace('{', `{"x":${'['.repeat(70)}${']'.repeat(70)},`),
    ],
    'no orders': [MISSING, () => request([])],
    'no sender': [MISSING, text => text.replace('sender_info', 'sender')],
    'fifty-one orders': [INVALID, () => request(Array.from({ length: 51 }, () => info(fresh())))],
    'orders that are no list': [INVALID, () => request([], { order_infos: 'x' })],
  }
  for (const [name, [expected, change]] of Object.entries(documents)) {
    test(name, async () => {
      const document = request([info(fresh())])
      const before = await bench.total()
      assert.equal(verdict(await bench.native(change(document))), expected)
      assert.equal(await bench.total(), before)
      assert.equal(outcome(await bench.native(document)), PENDING)
    })
  }

  test('bytes that are not UTF-8', async () => {
    const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'))
    const reply = await bench.native(request([info(fresh())]), {}, body(bytes))
    assert.equal(verdict(reply), UNSIGNED)
  })

  test('a body above one megabyte, whether or not it says so', async () => {
    const document = request([info(fresh())])
    const long = (size: number) => document + ' '.repeat(size - Buffer.byteLength(document))
    assert.equal(outcome(await bench.native(long(1_048_576))), PENDING)
    const stated = (sent: Sent) => ({
      ...sent,
      headers: { ...sent.headers, 'content-length': String(Buffer.byteLength(String(sent.body))) },
    })
    for (const alter of [stated, (sent: Sent) => sent]) {
      const reply = await bench.native(long(1_048_577), {}, alter)
      assert.equal(verdict(reply), '413 40004 isv.parameter-invalid:1000')
    }
  })

  test('another method of the platform', async () => {
    const reply = await bench.native(
      request([info(fresh())]),
      {},
      query(parameters => parameters.set('method', 'logistics.cancelOrder')),
    )
    assert.equal(verdict(reply), UNSIGNED)
  })
})

describe('a path or method that is not served', () => {
  const found = '/v1/platforms/douyin/orders'
  const cases: [method: string, path: string][] = [
    ['POST', '/v1/platforms/nobody/orders'],
    ['POST', '/v1/platforms/__proto__/orders'],
    ['POST', '/v1/platforms/d%6Fuyin/orders'],
    ['POST', '/v1/platforms/douyin%2Forders/orders'],
    ['POST', `${found}/`],
    ['POST', `/${found}`],
    ['POST', '/v1/platforms//orders'],
    ['GET', found],
    ['PUT', found],
    ['DELETE', found],
    ['PATCH', found],
    ['OPTIONS', found],
    ['GET', '/'],
    ['POST', '/v1/health'],
  ]
  for (const [method, path] of cases) {
    test(`${method} ${path}`, async () => {
      const document = request([info(fresh())])
      const reply = await bench.native(document, { path, method })
      assert.equal(reply.status, 404)
      assert.equal(reply.type, 'application/problem+json')
      assert.equal(outcome(await bench.native(document, { path: found })), PENDING)
    })
  }
})

describe('an order that is refused, its neighbours taken', () => {
  const long = (characters: number) => '长'.repeat(characters)
  const cases: Record<string, [code: string, order: Json]> = {
    'a masked name': ['1000', { contact: { name: '张*' } }],
    'a masked name, full width': ['1000', { contact: { name: '张＊＊' } }],
    'a masked phone': ['1000', { contact: { mobile: '138****0000' } }],
    'a masked landline': ['1000', { contact: { mobile: '', phone: '0592-****000' } }],
    'a masked address': ['1000', { address: { detail_address: '测试路1号***' } }],
    'no phone at all': ['1000', { contact: { mobile: '', phone: '' } }],
    'a phone of blanks': ['1000', { contact: { mobile: '  ', phone: '' } }],
    'no name': ['400', { contact: { name: '' } }],
    'a name of blanks': ['400', { contact: { name: ' \u3000' } }],
    'no address': ['400', { address: { detail_address: '' } }],
    'a name of 201 characters': ['1000', { contact: { name: long(201) } }],
    'an address of 601 characters': ['1000', { address: { detail_address: long(601) } }],
    'more than a seal holds': [
      '1000',
      { contact: { name: long(200) }, address: { detail_address: long(600) } },
    ],
    'a name of goods that the courier cannot print': [
      '1000',
      { items: [{ item_name: long(129), item_count: 1 }] },
    ],
    'a phone in the name of goods': [
      '1000',
      { items: [{ item_name: '茶具 加微信138-0000-0000', item_count: 1 }] },
    ],
    'a phone in the specification of goods': [
      '1000',
      { items: [{ item_name: '茶具', item_specs: '电话13800000000', item_count: 1 }] },
    ],
    'no goods': ['400', { items: [] }],
    'half a piece of goods': ['1000', { items: [{ item_name: '茶具', item_count: 0.5 }] }],
    'a comma in the order number': ['1000', { order_id: '69000000,00001' }],
    'a comma in a merged number': ['1000', { combine_orders: ['69000000,00001'] }],
    'an order number of 65 characters': ['1000', { order_id: '6'.repeat(65) }],
    'an order number that may be no integer': ['1000', { order_id: 1.5 }],
    'a parcel with a life of its own': ['1000', { pack_id: '1~2' }],
    'a parcel called -': ['1000', { pack_id: '-' }],
    'a product that is no number': ['10003', { product_type: 'fast' }],
    'a payer that nobody knows': ['1000', { pay_method: 3 }],
    'an account of the wrong form': ['10711', { net_info: { monthly_account: '12' } }],
    'an unknown service': ['1000', { service_list: [{ service_code: 'SVC-NOBODY' }] }],
    'a service that the courier lacks': [
      '1000',
      { service_list: [{ service_code: 'SVC-WBHOMEDELIVERY' }] },
    ],
    'a service value that is no JSON': [
      '1000',
      { service_list: [{ service_code: 'SVC-INSURE', service_value: '{value:2200}' }] },
    ],
    'another country': ['1000', { address: { country_code: 'USA' } }],
    'a region that can be none': ['1000', { address: { province_name: '张三 13800000000' } }],
    'ciphers beside a clear phone': [
      '1000',
      { ...cipher, contact: { ...cipher.contact, mobile: '13800000000' } },
    ],
  }
  for (const [name, [code, change]] of Object.entries(cases)) {
    test(name, async () => {
      const [first, wrong, last] = [fresh(), fresh(), fresh()]
      const orders = [info(first), info(wrong, change), info(last)]
      const echoed = String(change.order_id ?? wrong)
      const expected = [`${first}: ${PENDING}`, `${echoed}: ${code}`, `${last}: ${PENDING}`]
      const before = await bench.total()
      assert.deepEqual(outcomes(await bench.post(request(orders))), expected)
      assert.equal(await bench.total(), before + 2 * KEPT.length)
      assert.equal(outcome(await bench.post(request([info(wrong)]))), PENDING)
    })
  }

  test('elements that are no orders at all', async () => {
    const id = fresh()
    const reply = await bench.post(request([null, 5, 'x', [], {}, info(id)]))
    const codes = ['1000', '1000', '1000', '1000', '400'].map(code => `: ${code}`)
    assert.deepEqual(outcomes(reply), [...codes, `${id}: ${PENDING}`])
  })

  const envelopes: Record<string, [code: string, envelope: Json]> = {
    'a courier that nobody knows': ['10003', { logistics_code: 'nobody' }],
    'a courier known to the platform, not served here': ['10003', { logistics_code: 'kuayue' }],
    'same-city service of the same company': ['10003', { logistics_code: 'shenzhenshishun' }],
  }
  for (const [name, [code, envelope]] of Object.entries(envelopes)) {
    test(`${name}, for each order`, async () => {
      const ids = [fresh(), fresh()]
      const orders = ids.map(id => info(id))
      const before = await bench.total()
      const reply = await bench.post(request(orders, envelope))
      assert.deepEqual(
        outcomes(reply),
        ids.map(id => `${id}: ${code}`),
      )
      assert.equal(await bench.total(), before)
      assert.deepEqual(
        outcomes(await bench.post(request(orders))),
        ids.map(id => `${id}: ${PENDING}`),
      )
    })
  }

  const senders: Record<string, [code: string, contact: Json]> = {
    'a sender without a name': ['4006', { name: '' }],
    'a masked sender': ['1000', { name: '李*' }],
    'a sender without a phone': ['1000', { mobile: '' }],
  }
  for (const [name, [code, contact]] of Object.entries(senders)) {
    test(`${name}, for the whole call or each order`, async () => {
      const before = await bench.total()
      const { sender_info: sender } = JSON.parse(request([]))
      const changed = {
        ...sender,
        contact: { name: SENDER.name, mobile: SENDER.phone, ...contact },
      }
      const reply = await bench.post(request([info(fresh())], { sender_info: changed }))
      const told = outcome(reply) ?? verdict(reply).split(':')[1]
      assert.equal(told, code)
      assert.equal(await bench.total(), before)
    })
  }
})

describe('what an order leaves to the agreement of platform and courier', () => {
  /** The same gateway, but nothing was agreed. */
  const withoutTerms = () => {
    const { world, contract, platform } = bench
    const { defaultProducts: _, ...settings } = contract.settings
    const couriers = { ...world.config.couriers, sf: { ...contract, settings } }
    const { appKey, secret: shared } = platform
    const secret = Buffer.from(JSON.stringify({ current: { appKey, secret: shared } }))
    const platforms = openSecrets(async () => secret, 'platforms')
    const config = { ...world.config, couriers }
    const secrets = { ...world.intake.secrets, platforms }
    return gatewayApp({ ...world, intake: { ...world.intake, config, secrets } }, () => {})
  }
  const cases: Record<string, [code: string, order: Json]> = {
    'no product': ['10003', { product_type: undefined }],
    'an empty product': ['10003', { product_type: '' }],
    'no payer': ['1000', { pay_method: undefined }],
    'a monthly order without an account': ['10711', { net_info: {} }],
  }
  for (const [name, [code, change]] of Object.entries(cases)) {
    test(`${name}: refused where nothing was agreed, never guessed`, async () => {
      const document = request([info(fresh(), change)])
      assert.equal(outcome(await bench.native(document, { via: withoutTerms() })), code)
      assert.equal(outcome(await bench.native(document)), PENDING)
    })
  }

  test('a cash order is never charged to an account', async () => {
    const id = fresh()
    await bench.post(request([info(id, { pay_method: 2 })]))
    const { document } = await bench.entryOf(orderOf(id))
    assert.deepEqual(
      [member(document, 'payMethod'), member(document, 'monthlyCard')],
      [1, undefined],
    )
  })
})

describe('many orders in one call', () => {
  test('fifty, some of them wrong, some of them twice', async () => {
    const ids = Array.from({ length: 50 }, fresh)
    const wrong = (i: number) => i % 7 === 3
    const orders = ids.map((id, i) =>
      info(i === 49 ? ids[0] : id, wrong(i) ? { pay_method: 9 } : {}),
    )
    const expected = ids.map((id, i) => `${i === 49 ? ids[0] : id}: ${wrong(i) ? '1000' : PENDING}`)
    assert.deepEqual(outcomes(await bench.post(request(orders))), expected)
    const kept = await bench.snapshot()
    for (const [i, id] of ids.entries())
      assert.deepEqual(kept.of(orderOf(id)), wrong(i) || i === 49 ? [] : KEPT)
  })

  test('the same order twice in one call is one order', async () => {
    const id = fresh()
    const reply = await bench.post(request([info(id), info(id)]))
    assert.deepEqual(outcomes(reply), [`${id}: ${PENDING}`, `${id}: ${PENDING}`])
    assert.deepEqual(await bench.itemsOf(orderOf(id)), KEPT)
  })

  test('twice in one call and differently: the first is taken', async () => {
    const id = fresh()
    const reply = await bench.post(request([info(id), info(id, { total_pack_count: 2 })]))
    assert.deepEqual(outcomes(reply), [`${id}: ${PENDING}`, `${id}: 20001`])
    assert.equal(member((await bench.entryOf(orderOf(id))).document, 'parcelQty'), 1)
  })

  test('parcels of one order are several orders, the first unnamed', async () => {
    const id = fresh()
    const orders = [info(id), info(id, { pack_id: '' }), info(id, { pack_id: '1' })]
    await bench.post(request(orders))
    assert.deepEqual(await bench.itemsOf(orderOf(id)), KEPT)
    assert.deepEqual(await bench.itemsOf(orderOf(id, '1')), keptOf('1'))
  })

  test('merged orders are one, found by each number', async () => {
    const [one, two] = [fresh(), fresh()]
    await bench.post(request([info(one, { combine_orders: [two] })]))
    const order = orderOf([one, two])
    assert.equal((await bench.itemsOf(order)).filter(item => /ref#platform/.test(item)).length, 2)
    for (const id of [one, two]) {
      const path = `/v1/platforms/douyin/orders/${id}`
      const { body } = await bench.native('', { path, method: 'GET' })
      assert.equal(member(body, 'parcels', 0, 'order'), order)
    }
  })

  test('an order that lives merged is not taken alone, nor the other way about', async () => {
    const [one, two, three] = [fresh(), fresh(), fresh()]
    const merged = (a: string, b: string) => request([info(a, { combine_orders: [b] })])
    assert.equal(outcome(await bench.post(merged(one, two))), PENDING)
    assert.equal(outcome(await bench.post(request([info(two)]))), '20001')
    assert.equal(outcome(await bench.post(merged(two, three))), '20001')
    assert.deepEqual(await bench.itemsOf(orderOf(two)), [])
    assert.equal(outcome(await bench.post(request([info(two, { pack_id: '1' })]))), PENDING)
    assert.equal(outcome(await bench.post(request([info(three)]))), PENDING)
    assert.equal(outcome(await bench.post(merged(one, three))), '20001')
  })

  test('alone and merged in one call: one of the two is taken', async () => {
    const [one, two] = [fresh(), fresh()]
    const orders = [info(one), info(two, { combine_orders: [one] })]
    const codes = outcomes(await bench.post(request(orders))).map(text => text.split(': ')[1])
    assert.deepEqual(codes.toSorted(), [PENDING, '20001'].toSorted())
  })
})

test('no fault was a bug of ours', () => assert.deepEqual(bench.bugs, []))
