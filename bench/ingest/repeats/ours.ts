import { createHash, randomBytes } from 'node:crypto'
import { QueryCommand } from '@aws-sdk/client-dynamodb'
import { next, type PostInput } from '../../../lib/flow/next.ts'
import { createClient, createStore, createTables } from '../../../lib/store/index.ts'
import { lineOf } from './line.ts'
import type { Posted, Side } from './side.ts'

const TABLES = { orders: 'Orders', keys: 'Keys', audit: 'Audit' }
const DAY = 86_400_000

/** The store as intake uses it, without seals: one transaction for order and entry. */
export async function ours(settings: Parameters<typeof createClient>[0]): Promise<Side> {
  const client = createClient(settings)
  await createTables(client, TABLES)
  const store = createStore({ client, tables: TABLES, clock: Date.now, random: randomBytes })
  const line = lineOf(client)
  return {
    line,
    async take(posted) {
      const input = inputOf(posted)
      const decide = (head: Parameters<typeof next>[0]) => next(head, input, Date.now())
      const [result] = await store.postOrders([{ order: posted.order, decide }])
      if (result === undefined || 'error' in result) throw new Error('not taken')
      const { kind } = result.outcome
      if (kind !== 'posted' && kind !== 'repeat') throw new Error(kind)
    },
    async kept(order) {
      const heads = await store.getHeads([order])
      const docs = await store.getDocs([...heads.values()])
      const owed = await client.send(
        new QueryCommand({
          TableName: TABLES.orders,
          ConsistentRead: true,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': { S: `feed#courier#${courierOf(order)}#0` } },
        }),
      )
      return { bodies: [...docs.values()].map(({ body }) => body), owed: owed.Items?.length ?? 0 }
    },
  }
}

/** Every order has a courier of its own, so that one query tells how often it is owed. */
const courierOf = (order: string) =>
  `c${createHash('sha256').update(order).digest('hex').slice(0, 12)}`

function inputOf({ order, body }: Posted): PostInput {
  const now = Date.now()
  return {
    ...({
      kind: 'post',
      order,
      platform: 'lark',
      shop: '',
      platformOrders: [order],
      parcel: '-',
    } as const),
    ...{ courier: courierOf(order), shard: 0, request: body, signedAt: now, boxes: 1, sealed: [] },
    hmacs: [createHash('sha256').update(body).digest('base64url')],
    ...{ deadline: now + DAY, expiresAt: now + 30 * DAY, doc: body },
  }
}
