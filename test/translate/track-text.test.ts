import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Place, Status } from '../../lib/model/generated/types.ts'
import { trackText } from '../../lib/translate/track-text.ts'

const place: Place = { name: '厦门市', kind: 'region' }
const next: Place = { name: '北京顺义集散中心', kind: 'hub' }

test('every status has its text', () => {
  const texts: Record<Status, string> = {
    accepted: '快递公司已接单',
    'pickup-assigned': '已安排揽收',
    collected: '厦门市已揽收',
    departed: '离开厦门市，发往北京顺义集散中心',
    arrived: '到达厦门市',
    'in-transit': '运输中',
    'out-for-delivery': '正在派送',
    'at-pickup-point': '已到代收点',
    delivered: '已签收',
    problem: '派送异常',
    refused: '收件人拒收',
    returning: '退回中',
    returned: '已退回',
    redirected: '已转寄',
    cancelled: '运单已取消',
    lost: '快件遗失',
    unknown: '物流状态更新',
  }
  for (const status of Object.keys(texts) as Status[]) {
    assert.equal(trackText({ status, place, next }), texts[status])
  }
})

test('a place that is not known leaves its words out', () => {
  assert.equal(trackText({ status: 'collected' }), '已揽收')
  assert.equal(trackText({ status: 'arrived' }), '运输中')
  assert.equal(trackText({ status: 'departed' }), '运输中')
  assert.equal(trackText({ status: 'departed', place }), '离开厦门市')
  assert.equal(trackText({ status: 'departed', next }), '发往北京顺义集散中心')
})
