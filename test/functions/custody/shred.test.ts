import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isShredEvent, shredOn } from '../../../functions/custody/shred.ts'
import { barePorts } from '../rest/bare-ports.ts'

test('a schedule’s event is told from a request of API Gateway', () => {
  for (const shred of ['closed', 'outlived']) assert.ok(isShredEvent({ shred }))
  const others = [undefined, null, 'closed', [], {}, { shred: 'all' }, { shred: 1 }]
  const request = { resource: '/', httpMethod: 'GET', body: '{"shred":"closed"}' }
  for (const event of [...others, request]) assert.equal(isShredEvent(event), false)
})

test('closed walks the feed of each courier, outlived the table of keys', async () => {
  const { store, ...ports } = barePorts()
  const walked: string[] = []
  const bare = {
    ...ports,
    router: () => Promise.reject(new Error('nothing was to be forgotten')),
    store: {
      ...store,
      ack: async () => ({ unanswered: [] }),
      async readFeed({ side, partner }: { side: string; partner: string }) {
        walked.push(`${side} ${partner}`)
        return { entries: [], withheld: 0 }
      },
      async findOutlived(_now: number, after?: string) {
        walked.push(`keys ${after ?? ''}`)
        return after === undefined ? { orders: [], next: 'key#o' } : { orders: [] }
      },
      getHeads: async () => new Map(),
    },
  }
  const none = { shredded: 0, delayed: 0 }
  assert.deepEqual(await shredOn(bare, { shred: 'closed' }), none)
  assert.deepEqual(walked, [], 'no courier')
  assert.deepEqual(await shredOn(bare, { shred: 'outlived' }), none)
  assert.deepEqual(walked, ['keys ', 'keys key#o'])
})
