import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sha256Hex } from '../../../lib/access/digest.ts'
import type { NativeAnswer } from '../../../lib/platforms/platform.ts'
import { type Bench, startBench } from './bench.ts'
import { douyin, fresh, info, request } from './orders.ts'
import { wishesOn } from './wishes.ts'

// A platform may want answers signed: every one that a known caller gets, errors among them.

let bench: Bench
before(async () => {
  bench = await startBench()
  Object.defineProperty(douyin, 'sign', {
    configurable: true,
    value: (answer: NativeAnswer, { appKey }: { appKey: string }): NativeAnswer => ({
      ...answer,
      headers: { 'x-sign': sha256Hex(`${appKey} ${answer.status} ${answer.body}`) },
    }),
  })
})
after(async () => {
  Reflect.deleteProperty(douyin, 'sign')
  await bench.stop()
})

const isSigned = (text: string, status: number) => {
  const sign = sha256Hex(`${bench.platform.appKey} ${status} ${text}`)
  return bench.replies.at(-1)?.includes(`["x-sign","${sign}"]`) ?? false
}

test('orders, changes and their errors are signed; what a stranger gets is not', async () => {
  const wishes = wishesOn(bench)
  const id = fresh()
  const send = async (method: string, document: object) =>
    bench.send(wishes.signed(method, { ...document }, new Date()))
  const good = await bench.post(request([info(id)]))
  assert.ok(isSigned(good.text, 200))
  const bad = await bench.post('{"logistics_code":"shunfeng"}')
  assert.match(bad.text, /40002/)
  assert.ok(isSigned(bad.text, 200))
  const cancelled = await send('logistics.cancelOrder', { order_id: id })
  assert.ok(isSigned(cancelled.text, 200))
  const nobody = await send('logistics.cancelOrder', {})
  assert.match(nobody.text, /40002/)
  assert.ok(isSigned(nobody.text, 200))
  const stranger = await bench.native(request([info(id)]), { secret: 'another' })
  assert.equal(stranger.status, 401)
  assert.doesNotMatch(bench.replies.at(-1) ?? '', /x-sign/)
})

test('no fault was a bug of ours', () => assert.deepEqual(bench.bugs, []))
