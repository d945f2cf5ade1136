import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type RedrivePorts, redriveOrders } from '../../lib/flow/redrive.ts'
import {
  COURIER_FEED,
  makeWorld,
  nameOf,
  owedOf,
  post,
  postAccepted,
  postAll,
  readAll,
  refused,
  START,
  type World,
} from '../store/world.ts'

let world: World
let ports: RedrivePorts
before(async () => {
  world = await makeWorld()
  ports = { now: () => new Date(world.now), store: world.store }
})
after(() => world.stop())

const HOUR = 3_600_000
const hours = (from: number, to: number) => ({
  courier: 'swift',
  from: new Date(START + from * HOUR),
  to: new Date(START + to * HOUR),
})

const copies = async () =>
  (await readAll(world, COURIER_FEED))
    .filter(({ kind }) => kind === 'waybill-copy')
    .map(({ order }) => order)
    .sort()

test('what a courier accepted in a time is owed again: to be acknowledged, not answered', async () => {
  const taken: string[] = []
  for (const n of [1, 2, 3]) {
    world.now = START + n * HOUR
    taken.push(await postAccepted(world, n, [`SW${n}`]))
  }
  world.now = START + 2 * HOUR
  await postAll(world, [post(4), post(5), post(6, { courier: 'slow' })])
  await world.store.changeOrder(world.move(nameOf(5), refused(await owedOf(world, nameOf(5)))))

  world.now = START + 5 * HOUR
  const done = await redriveOrders(ports, hours(2, 3))
  assert.deepEqual(done, { redriven: 1, left: 2, failed: 0 })
  assert.deepEqual(await copies(), [taken[1]])

  const [copy] = (await readAll(world, COURIER_FEED)).filter(one => one.kind === 'waybill-copy')
  assert.equal(copy?.doc?.order, taken[1])
  assert.deepEqual(await world.store.ack(COURIER_FEED, [copy?.id ?? '']), { unanswered: [] })
  assert.deepEqual(await copies(), [])
  const head = (await world.store.getHeads(taken)).get(taken[1] ?? '')
  assert.deepEqual([head?.state, head?.owed], ['accepted', undefined])
})

test('the time begins with --from and ends before --to; nobody else’s orders are owed', async () => {
  assert.deepEqual(await redriveOrders(ports, { ...hours(0, 9), courier: 'nobody' }), {
    ...{ redriven: 0, left: 0, failed: 0 },
  })
  assert.equal((await redriveOrders(ports, hours(1, 2))).redriven, 1)
  assert.deepEqual(await copies(), [nameOf(1)])
})

test('of many pages every one is read, and what one page brings goes in batches', async () => {
  world.now = START + 20 * HOUR
  const numbers = Array.from({ length: 70 }, (_, i) => 100 + i)
  for (const n of numbers) await postAccepted(world, n, [`SW${n}`])
  const pages: (string | undefined)[] = []
  const heads = await world.store.walkOrders()
  const store = {
    ...world.store,
    // The embedded database answers in one page: cut it into two.
    async walkOrders(from?: string) {
      pages.push(from)
      return from === undefined
        ? { heads: heads.heads.slice(0, 9), next: 'more' }
        : { heads: heads.heads.slice(9) }
    },
  }
  const done = await redriveOrders({ ...ports, store }, hours(20, 21))
  assert.deepEqual(done, { redriven: 70, left: 0, failed: 0 })
  assert.deepEqual(pages, [undefined, 'more'])
})

test('an order that ends while it is redriven is left as it is', async () => {
  world.now = START + 30 * HOUR
  const order = await postAccepted(world, 300, ['SW300'])
  const { heads } = await world.store.walkOrders()
  const late = heads.filter(head => head.order === order)
  const cancel = { kind: 'cancel', platform: 'lark' } as const
  await world.store.changeOrder(world.move(order, cancel))
  const { id = '' } =
    (await readAll(world, COURIER_FEED)).find(
      one => one.order === order && one.kind === 'cancel',
    ) ?? {}
  const granted = { kind: 'cancel-answer', courier: 'swift', entry: id, document: '{}' } as const
  await world.store.changeOrder(world.move(order, { ...granted, result: 'granted' }))
  const store = { ...world.store, walkOrders: async () => ({ heads: late }) }
  const done = await redriveOrders({ ...ports, store }, hours(30, 31))
  assert.deepEqual(done, { redriven: 0, left: 1, failed: 0 })
})
