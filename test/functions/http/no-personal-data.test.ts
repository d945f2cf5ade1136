import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { scanTables } from '../../../lib/local/scan.ts'
import { reveal } from '../../../lib/model/personal-text.ts'
import { type Bench, orderOf, startBench } from './bench.ts'
import { cipher, fresh, info, type Json, request, sf } from './orders.ts'
import { parcelsOn } from './parcels.ts'

// Marked fakes go the whole way, rightly and wrongly: nothing but the station's own answer holds them.

let bench: Bench
let parcels: ReturnType<typeof parcelsOn>
before(async () => {
  bench = await startBench()
  parcels = parcelsOn(bench)
})
after(() => bench.stop())

const receiver = {
  name: '欧阳标记甲',
  phone: '13876543210',
  telephone: '0592-8765432',
  address: '测试路1号样例小区标记楼7单元4501室',
  remark: '放标记柜第九格',
} as const
const sender = { name: '司徒标记乙', phone: '13987654321', address: '样例街2号标记仓3层' } as const
const others = {
  'a street line': '标记弄77支8',
  rider: '标记骑手丙',
  'rider’s phone': '13765432109',
  'where a rider was': '标记路88号606室',
  'what a courier wrote': '标记退件说明',
  password: 'marked-secret-0001',
} as const

/** What no display shows either, of each value. */
const marks: readonly string[] = [
  ...Object.values(receiver).map(value => value.replace('测试路1号样例小区', '')),
  ...Object.values(sender).map(value => value.replace('样例街2号', '')),
  ...Object.values(others),
]

/** The forms in which a text may hide: as it is, escaped, as hex, as base64 at any place in a stream. */
function formsOf(mark: string): string[] {
  const bytes = Buffer.from(mark)
  const escaped = Array.from(mark, one =>
    one > '~' ? `\\u${one.charCodeAt(0).toString(16)}` : one,
  )
  const shifted = [0, 1, 2].map(shift => {
    const code = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64url')
    const whole = Math.floor(((shift + bytes.length) * 8) / 6)
    return code.slice(Math.ceil((shift * 8) / 6), whole)
  })
  return [mark, escaped.join(''), encodeURIComponent(mark), bytes.toString('hex'), ...shifted]
}

/** Which marks a text holds, in whatever form; both alphabets of base64 are read as one. */
function marksIn(text: string): string[] {
  const plain = text.replaceAll('+', '-').replaceAll('/', '_')
  const holds = (form: string) => text.includes(form) || plain.includes(form)
  return marks.filter(mark => formsOf(mark).some(holds))
}

test('the search finds a mark in every form', () => {
  for (const mark of marks) {
    const bytes = Buffer.from(`${JSON.stringify({ x: mark })}`)
    const forms = [
      mark,
      JSON.stringify(mark),
      bytes.toString('hex'),
      encodeURIComponent(mark),
      ...[0, 1, 2].flatMap(shift => {
        const stream = Buffer.concat([Buffer.alloc(shift, 'x'), bytes])
        return [stream.toString('base64'), stream.toString('base64url')]
      }),
    ]
    for (const form of forms) assert.ok(marksIn(form).includes(mark), mark)
  }
  assert.deepEqual(marksIn('张* 138******34 测试路1号样例小区***'), [])
})

/** An order of marked people. */
const marked = (id: string, change: Json = {}) =>
  request(
    [
      info(id, {
        contact: { name: receiver.name, mobile: receiver.phone, phone: receiver.telephone },
        address: { detail_address: receiver.address },
        remark: receiver.remark,
        net_info: { monthly_account: '7551234567', secret_key: others.password },
        ...change,
      }),
    ],
    { sender_info: senderInfo() },
  )

function senderInfo(): Json {
  const {
    sender_info: { address, ...rest },
  } = JSON.parse(request([]))
  return {
    ...rest,
    address: { ...address, detail_address: sender.address },
    contact: { name: sender.name, mobile: sender.phone, phone: '' },
  }
}

const push = (mailno: string, order: string, opCode: string) =>
  bench.push({
    Body: {
      WaybillRoute: {
        ...{ id: `${mailno}${opCode}`, mailno, orderid: order, opCode },
        acceptTime: '2026-01-01 10:00:00',
        acceptAddress: others['where a rider was'],
        remark: `快件交给${others.rider}，正在派送途中（联系电话：${others['rider’s phone']}）`,
        reasonName: others['what a courier wrote'],
      },
    },
  })

test('the whole way, and every way that goes wrong', async () => {
  const id = fresh()
  const order = orderOf(id)
  const entry = await bench.accepted(marked(id), order)
  const parcel = { order, entry }
  await bench.post(marked(id))
  assert.equal(await parcels.assigned(parcel), '200 released')
  assert.equal(await parcels.assigned(parcel, { group: 'sender' }), '200 released')
  await parcels.handed(parcel)
  const opened = await bench.open(order)
  const atPickup = await bench.open(order, { group: 'sender', hop: 'pickup-1' })
  for (const opCode of ['50', '30', '31', '44', '204', '33', '80', '99', '9999'])
    await push('SF1111111111111', order, opCode)
  await push('SF9999999999999', '', '44')

  // Faults of the platform: what is refused is not quoted.
  const faults: Json[] = [
    { contact: { name: `${receiver.name}*`, mobile: receiver.phone } },
    { contact: { name: receiver.name, mobile: `${receiver.phone}*` } },
    { contact: { name: receiver.name, mobile: '' } },
    { contact: { name: receiver.name.repeat(60), mobile: receiver.phone } },
    { address: { detail_address: receiver.address.repeat(40) } },
    { address: { district_name: others['where a rider was'] } },
    { address: { street_name: others['a street line'] } },
    { address: { province_name: receiver.phone } },
    { address: { country_code: receiver.name } },
    { items: [{ item_name: `茶具 加微信${receiver.phone}`, item_count: 1 }] },
    { items: [{ item_name: '茶具', item_count: receiver.phone }] },
    { product_type: receiver.name },
    { pay_method: receiver.phone },
    { total_weight: receiver.name },
    { service_list: [{ service_code: receiver.name, service_value: receiver.phone }] },
    { net_info: { monthly_account: receiver.name } },
    { net_info: receiver.name },
    { [receiver.name]: receiver.phone },
    { ...cipher, contact: { ...cipher.contact, mobile: receiver.phone } },
    { ...cipher, address: { ...cipher.address, street_name: others['a street line'] } },
    { ...cipher, remark: receiver.remark },
  ]
  for (const fault of faults) await bench.post(marked(fresh(), fault))
  const document = marked(fresh())
  await bench.native(document, { secret: receiver.name })
  await bench.native(document, { at: new Date(0) })
  await bench.native(document, { query: `&timestamp=${receiver.phone}` })
  await bench.native(document, { query: `&${encodeURIComponent(receiver.name)}=1` })
  await bench.native(document.slice(0, -2))
  await bench.native(document.replace('{', `{"${receiver.name}":1,"${receiver.name}":2,`))
  await bench.native(document, {
    path: `/v1/platforms/${encodeURIComponent(receiver.name)}/orders`,
  })
  await bench.post(marked(id, { contact: { name: receiver.name, mobile: '13700000000' } }))

  // Faults of the courier.
  const { id: owed } = await post(fresh())
  const refusal = { success: false, errorCode: '8016', errorMsg: others['what a courier wrote'] }
  for (const answer of [
    receiver.name,
    { [receiver.name]: 1 },
    { ...refusal, errorCode: receiver.name.repeat(20) },
    { success: true, errorCode: 'S0000', msgData: { orderId: receiver.name } },
    { success: true, errorCode: 'S0000', msgData: { filterResult: receiver.name } },
    { ...refusal, msgData: { remark: receiver.address } },
  ])
    await bench.answer([{ id: owed, document: answer }])
  await bench.signed('GET', `/v1/couriers/sf/waybills?limit=${receiver.phone}`)
  await bench.signed('GET', `/v1/couriers/sf/waybills?after=${encodeURIComponent(receiver.name)}`)
  await bench.ack([receiver.name])
  await bench.assign([receiver.name, `a.${Buffer.from(receiver.name).toString('base64url')}.c`])
  await bench.signed('POST', '/v1/couriers/sf/answers', { answers: [{ id: { a: receiver.name } }] })
  await bench.release(receiver.phone, Buffer.from(receiver.name).toString('base64url'))
  await bench.push(receiver.name)
  await bench.push({ Body: receiver.name })
  await bench.push('{}', Buffer.from(receiver.name).toString('hex'))
  await bench.pullAll()
  await bench.events('&limit=100')

  const told = (personal: object) =>
    Object.values(personal)
      .map(value => reveal(value))
      .join('\n')
  const { name, phone, telephone, address, remark } = receiver
  assert.deepEqual(marksIn(told(opened)), marksIn([name, phone, telephone, address, remark].join()))
  assert.deepEqual(marksIn(told(atPickup)), marksIn(Object.values(sender).join()))
  assert.equal(marksIn(document).length, 9, 'they were posted, each of them')
})

/** Posts a marked order and pulls what is owed for it. */
async function post(id: string) {
  await bench.post(marked(id))
  return bench.entryOf(orderOf(id))
}

test('no answer holds any', () => {
  assert.ok(bench.replies.length > 50)
  for (const reply of bench.replies) assert.deepEqual(marksIn(reply), [], reply.slice(0, 200))
})

test('no item of any table holds any', async () => {
  const { dynamodb, aws } = bench.world
  const tables = await scanTables(dynamodb, aws.region)
  assert.ok(tables.includes('欧**') && tables.includes('138******10'), 'what may be shown is there')
  assert.deepEqual(marksIn(tables), [])
})

test('no metric, report, note or record of a call holds any', () => {
  const { counts, bugs, notes, calls } = bench
  const all = JSON.stringify([[...counts], bugs, notes, calls])
  assert.ok(notes.length > 2 && calls.length > 4 && counts.size > 2)
  assert.deepEqual(marksIn(all), [])
  assert.deepEqual(bugs, [])
})

test('the courier’s documents hold what may be shown', async () => {
  const entry = await post(fresh())
  const { contactInfoList: contacts } = Object(entry.document)
  assert.deepEqual(
    contacts.map((one: Json) => [one.contact, one.mobile]),
    [
      ['司**', '139******21'],
      ['欧**', '138******10'],
    ],
  )
  assert.equal(sf.name, 'sf')
})
