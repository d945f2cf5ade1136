import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { openSecrets } from '../../../lib/access/secrets.ts'
import { list, member, textOf } from '../../../lib/cli/send.ts'
import { workingDay } from '../../../lib/custody/day.ts'
import { gatewayApp } from '../../../lib/local/server.ts'
import type { Decide, Proposal } from '../../../lib/store/index.ts'
import { type Bench, httpKey, ORIGIN, orderOf, type Sent, startBench } from './bench.ts'
import { fresh, info, request, sf } from './orders.ts'

// Who is not who they seem, and who asks for what is another's. Attacks 2, 30, 31, 48.

let bench: Bench
before(async () => {
  bench = await startBench()
})
after(() => bench.stop())

const calls: Record<string, [method: string, path: string, document?: object]> = {
  pull: ['GET', '/v1/couriers/sf/waybills?limit=10'],
  answer: ['POST', '/v1/couriers/sf/answers', { answers: [] }],
  acknowledge: ['POST', '/v1/couriers/sf/waybills/acks', { ids: [] }],
  assign: ['POST', '/v1/couriers/sf/assignments', { assignments: [] }],
}

const header =
  (name: string, change: (value: string) => string | undefined) =>
  (sent: Sent): Sent => {
    const { [name]: value = '', ...rest } = sent.headers
    const changed = change(value)
    return { ...sent, headers: changed === undefined ? rest : { ...rest, [name]: changed } }
  }
const flip = (text: string) => text.replace(/[A-Za-z]/, one => (one === 'A' ? 'B' : 'A'))
const minutes = (count: number) => new Date(Date.now() + count * 60_000)

for (const [name, [method, path, document]] of Object.entries(calls)) {
  describe(`${name}: attacks 31 and 48`, () => {
    const call = (how: Parameters<Bench['signed']>[3] = {}) =>
      bench.signed(method, path, document, how)
    const alterations: Record<string, (sent: Sent) => Sent> = {
      'no signature': header('signature', () => undefined),
      'no list of what is signed': header('signature-input', () => undefined),
      'another signature': header('signature', text => text.replace(/:.+:/, flip)),
      'two signatures': sent =>
        header(
          'signature-input',
          text => `${text}, ${text.replace('sig', 'sig2')}`,
        )(header('signature', text => `${text}, ${text.replace('sig', 'sig2')}`)(sent)),
      'another time': header('signature-input', text => text.replace(/created=\d/, 'created=2')),
      'no time': header('signature-input', text => text.replace(/;created=\d+/, '')),
      'another tag': header('signature-input', text => text.replace('lasthop', 'other')),
      'the path not signed': header('signature-input', text => text.replace(' "@path"', '')),
      'another algorithm': header('signature-input', text => `${text};alg="hmac-sha256"`),
      'another path': sent => ({ ...sent, path: sent.path.replace('/sf/', '/s%66/') }),
      'a parameter more': sent => ({
        ...sent,
        path: `${sent.path}${sent.path.includes('?') ? '&' : '?'}shard=0`,
      }),
      'a parameter twice': sent => ({ ...sent, path: `${path.split('?')[0]}?limit=10&limit=10` }),
    }
    const bodies: typeof alterations = {
      'another body': sent => ({ ...sent, body: `${sent.body} ` }),
      'no digest': header('content-digest', () => undefined),
      'another digest': header('content-digest', text => text.replace(/:.+:/, flip)),
      'another media type': header('content-type', () => 'text/plain'),
      'no body': sent => ({ ...sent, body: '' }),
    }
    const queries: typeof alterations = {
      'another value': sent => ({ ...sent, path: sent.path.replace('10', '11') }),
      'a parameter less': sent => ({ ...sent, path: sent.path.replace('?limit=10', '') }),
    }
    const all = { ...alterations, ...(document === undefined ? queries : bodies) }
    for (const [what, alter] of Object.entries(all)) {
      test(what, async () => {
        const { status } = await call({ alter })
        assert.equal(status, what === 'another path' ? 404 : 401)
        assert.equal((await call()).status, 200)
      })
    }

    const signers: Record<string, () => Parameters<Bench['signed']>[3]> = {
      'another host': () => ({ origin: 'https://other.example/lasthop' }),
      'another prefix': () => ({ origin: 'https://gateway.example' }),
      'six minutes ago': () => ({ at: minutes(-6) }),
      'in six minutes': () => ({ at: minutes(6) }),
      'a key that nobody pinned': () => ({
        key: httpKey(bench.courier.http.keyid, stranger),
      }),
      'an id that nobody has': () => ({ key: httpKey('nobody', bench.courier.http.jwk) }),
    }
    for (const [what, how] of Object.entries(signers)) {
      test(`signed for or by ${what}`, async () => {
        const reply = await call(how())
        assert.equal(reply.status, 401)
        assert.equal(textOf(reply.body, 'code'), 'UNAUTHENTICATED')
        assert.equal((await call()).status, 200)
      })
    }

    test('another method', async () => {
      const other = method === 'GET' ? 'HEAD' : 'PUT'
      const alter = (sent: Sent) => ({ ...sent, method: other })
      assert.equal((await call({ alter })).status, other === 'HEAD' ? 401 : 404)
    })

    test('a replay inside the window changes nothing', async () => {
      let seen: Sent | undefined
      const first = await call({ alter: sent => (seen = sent) })
      assert.ok(seen)
      assert.equal((await bench.send(seen)).text, first.text)
    })

    test('four minutes either way', async () => {
      for (const at of [minutes(-4), minutes(4)]) assert.equal((await call({ at })).status, 200)
    })

    test('a courier that is not served: as one that is, unsigned', async () => {
      const unsigned = await call({ alter: header('signature', () => undefined) })
      for (const other of ['nobody', 'kye', 'SF', '__proto__', 'constructor', 'x'.repeat(3000)]) {
        const reply = await bench.signed(method, path.replace('/sf/', `/${other}/`), document)
        assert.deepEqual([reply.status, reply.text], [401, unsigned.text], other.slice(0, 20))
      }
    })
  })
}

const stranger = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })

describe('attack 30: what is another’s is as what does not exist', () => {
  /** A second courier with true keys of its own, at the same gateway, over the same tables. */
  const other = () => {
    const { world, contract } = bench
    const signatureKeys = [{ keyid: 'other-1', alg: 'ed25519', key: stranger.x }]
    const secret = Buffer.from(JSON.stringify({ current: { signatureKeys } }))
    const couriers = openSecrets(
      async (_side, name) => (name === 'other' ? secret : undefined),
      'couriers',
    )
    const config = { ...world.config, couriers: { ...world.config.couriers, other: contract } }
    const part = { config, secrets: { ...world.exchange.secrets, couriers } }
    const via = gatewayApp(
      {
        intake: world.intake,
        exchange: { ...world.exchange, ...part },
        custody: { ...world.custody, ...part },
      },
      name => void bench.bugs.push(name),
    )
    return (method: string, path: string, document?: object) =>
      bench.signed(method, `/v1/couriers/other${path}`, document, {
        via,
        key: httpKey('other-1', stranger),
      })
  }
  const posted = async () => {
    const id = fresh()
    await bench.post(request([info(id)]))
    return { id, order: orderOf(id), entry: await bench.entryOf(orderOf(id)) }
  }
  const absent = '1795546192938.o_aaaaaaaaaaaaaaaaaaaaaaaaaa.1.0a'

  test('its own feed is empty, also behind another’s cursor', async () => {
    const { entry } = await posted()
    for (const query of ['', `?after=${entry.id}`, `?after=${absent}`]) {
      const { status, body } = await other()('GET', `/waybills${query}`)
      assert.deepEqual([status, body], [200, { entries: [] }])
    }
    assert.ok((await bench.pull()).entries.length > 0)
  })

  test('acknowledging another’s entries', async () => {
    const { order, entry } = await posted()
    await bench.push({
      Body: {
        WaybillRoute: {
          ...{ id: '1', mailno: 'SF1', orderid: order, opCode: '44' },
          acceptTime: '2026-01-01 10:00:00',
        },
      },
    })
    const reminder = await bench.entryOf(order, 'assignment-missing')
    const ack = async (ids: string[]) => (await other()('POST', '/waybills/acks', { ids })).body
    assert.deepEqual(await ack([reminder.id]), await ack([absent.replace('0a', '0k')]))
    const stays = await ack([entry.id])
    assert.deepEqual(stays, { acknowledged: 0, unanswered: [entry.id] })
    assert.deepEqual(await ack([absent]), { acknowledged: 0, unanswered: [absent] })
    const owed = (await bench.pullAll()).map(({ id }) => id)
    assert.ok(owed.includes(entry.id) && owed.includes(reminder.id))
  })

  test('assigning another’s parcel', async () => {
    const id = fresh()
    const entry = await bench.accepted(request([info(id)]), orderOf(id))
    const seal = bench.sealOf(entry, 'receiver')
    const assign = async (order: string) => {
      const assignments = [bench.statement(seal, { courier: 'other', order })]
      return list((await other()('POST', '/assignments', { assignments })).body, 'results')
    }
    const [refused] = await assign(orderOf(id))
    assert.deepEqual([member(refused, 'status'), member(refused, 'code')], [404, 'not-found'])
    assert.deepEqual([refused], await assign(orderOf('1')))
    const [stolen] = list(
      (await other()('POST', '/assignments', { assignments: [bench.statement(seal)] })).body,
      'results',
    )
    assert.deepEqual(
      [member(stolen, 'code'), member(stolen, 'at')],
      ['assignment-invalid', '/courier'],
    )
    const [released] = await bench.assign([bench.statement(seal)])
    assert.equal(member(released, 'outcome'), 'released')
  })

  test('a release of another’s, of nobody’s, of what can be no order', async () => {
    const id = fresh()
    const entry = await bench.accepted(request([info(id)]), orderOf(id))
    await bench.assign([bench.statement(bench.sealOf(entry, 'receiver'))])
    const { releaseToken } = bench.issuer.tokens('station-2', workingDay(new Date()))
    const where = { hop: 'station-2' }
    const answers = [orderOf(id), orderOf('1'), 'x', '~', 'x'.repeat(3000)].map(async order => {
      const { status, text } = await bench.release(order, releaseToken, where)
      return `${status} ${text}`
    })
    assert.equal(new Set(await Promise.all(answers)).size, 1)
    assert.match((await answers[0]) ?? '', /^403/)
    const own = bench.issuer.tokens('station-1', workingDay(new Date()))
    assert.equal((await bench.release(orderOf(id), own.releaseToken)).status, 200)
  })

  test('answering, or pushing about, an order of another courier', async () => {
    const id = fresh()
    const order = orderOf(id)
    const taken = await takenBy('other', id)
    for (const document of [
      { success: true },
      { success: false, errorCode: '8016' },
      'x',
      undefined,
    ]) {
      const [result] = await bench.answer([{ id: taken, document }])
      const [nothing] = await bench.answer([{ id: absent, document }])
      assert.deepEqual({ ...Object(result), id: absent }, nothing)
    }
    const before = bench.count('unknown-waybill')
    const node = { id: '2', mailno: 'SF2', orderid: order, opCode: '80' }
    const route = { ...node, acceptTime: '2026-01-01 10:00:00' }
    await bench.push({ Body: { WaybillRoute: route } })
    assert.equal(bench.count('unknown-waybill'), before + 1)
  })

  /** Gives an order to another courier, as its own intake would; the id of what is owed to it. */
  async function takenBy(courier: string, id: string): Promise<string> {
    const { intake, exchange } = bench.world
    const order = orderOf(id)
    const postOrders = <O>(proposals: readonly Proposal<O>[]) =>
      exchange.store.postOrders(
        proposals.map(proposal => ({ ...proposal, decide: diverted(proposal.decide, courier) })),
      )
    const store = { ...intake.store, postOrders }
    const world = { ...bench.world, intake: { ...intake, store } }
    await bench.native(request([info(id)]), { via: gatewayApp(world, () => {}) })
    const head = (await exchange.store.getHeads([order])).get(order)
    assert.equal(head?.courier, courier)
    return head.owed ?? ''
  }
})

/** The same decision, the order another courier's. */
function diverted<O>(decide: Decide<O>, partner: string): Decide<O> {
  return head => {
    const { step, outcome } = decide(head)
    if (step === undefined) return { outcome }
    const put = step.put.map(one => ({ ...one, feed: { ...one.feed, partner } }))
    return { outcome, step: { ...step, put, head: { ...step.head, courier: partner } } }
  }
}

describe('a bearer at the gateway', () => {
  test('attack 2: a key token, and what else is no release token for this hop', async () => {
    const id = fresh()
    const order = orderOf(id)
    const entry = await bench.accepted(request([info(id)]), order)
    await bench.assign([bench.statement(bench.sealOf(entry, 'receiver'))])
    const today = workingDay(new Date())
    const { keyToken, releaseToken } = bench.issuer.tokens('station-1', today)
    const claims = { aud: 'lasthop-gateway', hop: 'station-1', day: today }
    const seconds = Math.floor(Date.now() / 1000)
    const refused = {
      'a key token': keyToken,
      'a token of another hop': bench.issuer.tokens('station-2', today).releaseToken,
      'two audiences': bench.issuer.sign({ ...claims, aud: ['lasthop-gateway', 'lasthop-sts'] }),
      'tags for STS': bench.issuer.sign({ ...claims, 'https://aws.amazon.com/tags': {} }),
      'another issuer': bench.issuer.sign({ ...claims, iss: 'https://id.other.invalid' }),
      'over already': bench.issuer.sign({ ...claims, exp: seconds - 1 }),
      'for an hour': bench.issuer.sign({ ...claims, exp: seconds + 3600 }),
      'a signature changed': `${releaseToken.slice(0, -3)}AAA`,
      'no token': '',
    }
    for (const [name, token] of Object.entries(refused)) {
      const reply = await bench.release(order, token)
      assert.deepEqual([reply.status, textOf(reply.body, 'code')], [401, 'UNAUTHENTICATED'], name)
    }
    assert.equal((await bench.release(order, releaseToken)).status, 200)
    const yesterday = bench.issuer.tokens('station-1', '2026-01-01').releaseToken
    assert.equal((await bench.release(order, yesterday)).status, 403)
    const wrong = await bench.release(order, releaseToken, { group: 'everybody' })
    assert.deepEqual([wrong.status, textOf(wrong.body, 'at')], [422, '/group'])
    assert.equal((await bench.release(order, releaseToken, { group: 'sender' })).status, 403)
  })
})

test('anybody may read health, schemas and public keys, and nothing else', async () => {
  const get = (path: string) => bench.send({ method: 'GET', path, headers: {}, body: '' })
  assert.deepEqual((await get('/v1/health')).body, { status: 'ok' })
  assert.equal(textOf((await get('/v1/schemas/order.json')).body, 'title'), 'Order')
  const { body } = await get('/v1/couriers/sf/keys')
  assert.equal(textOf(body, 'keys', 0, 'kid'), bench.keys.custody.kid)
  assert.deepEqual(Object.keys(Object(member(body, 'keys', 0))).sort(), [
    'alg',
    'e',
    'kid',
    'kty',
    'n',
    'use',
  ])
  for (const path of [
    '/v1/schemas/nothing',
    '/v1/schemas/__proto__',
    '/v1/couriers/nobody/keys',
    '/v1',
    '/',
  ])
    assert.equal((await get(path)).status, 404, path)
  for (const path of ['/v1/couriers/sf/waybills', '/v1/platforms/douyin/events'])
    assert.equal((await get(path)).status, 401, path)
  assert.ok(ORIGIN.endsWith('/lasthop') && sf.pushes === 'secret-path')
})

test('no fault was a bug of ours', () => assert.deepEqual(bench.bugs, []))
