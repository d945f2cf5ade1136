import assert from 'node:assert/strict'
import { test } from 'node:test'
import { msgDigest } from '../../../lib/couriers/sf/sign.ts'

test('the published vector', () => {
  const digest = msgDigest(
    '{"language":"zh-CN","orderId":"QIAO-20200618-004"}',
    '12312334453453',
    'fjcg5PGKaNpPSHFAZ4QsCOkV71R3zVci',
  )
  assert.equal(digest, 'IIKJtuLVzoFTu4kHI8M8vA==')
})

test('every character that Java and JavaScript encode differently', () => {
  const msgData = `{"language":"zh-CN","remark":"it's (ok)! ~*_-. 测试+&"}`
  assert.equal(msgDigest(msgData, '1708235379205', 'demoCheckWord'), '/Z12PrAMZgf1uC5lknIWwg==')
})

test('a cancellation', () => {
  const msgData = '{"dealType":2,"language":"zh-CN","orderId":"o_AAAAAAAAAAAAAAAAAAAAAAAAAA"}'
  assert.equal(msgDigest(msgData, '1708235379205', 'demoCheckWord'), '3o6jCIFzHk9brnrxVXXdKQ==')
})

test('any change changes it', () => {
  const of = (msgData: string, time: string) => msgDigest(msgData, time, 'demoCheckWord')
  assert.notEqual(of('{}', '1'), of('{}', '2'))
  assert.equal(of('{}', '1').length, 24)
})
