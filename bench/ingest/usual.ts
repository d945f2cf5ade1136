import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import {
  DynamoDBDocumentClient,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb'
import { Hono } from 'hono'
import { PENDING } from '../../lib/platforms/douyin/codes.ts'
import { nowhere } from './nowhere.ts'
import { tables } from './ours.ts'
import { config, keys, terms } from './setting.ts'
import { checks, pass } from './usual-checks.ts'
import { type Read, readOrder } from './usual-order.ts'
import { seal } from './usual-seal.ts'

type Action = NonNullable<TransactWriteCommandInput['TransactItems']>[number]

/** Where its transactions end. */
export const end = nowhere()

const documents = DynamoDBDocumentClient.from(new DynamoDBClient(end.settings), {
  marshallOptions: { removeUndefinedValues: true },
})

const MOST_ITEMS = 100
const { appKey, secret } = terms.identity

/** The same service from the usual parts: hono, ajv, JSONata, jose and lib-dynamodb. */
export const app = new Hono()

app.post('/v1/platforms/douyin/orders', async c => {
  const body = await c.req.text()
  const { sign = '', timestamp = '', method = '' } = c.req.query()
  const text = `app_key${appKey}method${method}param_json${body}timestamp${timestamp}v2`
  const wanted = createHmac('sha256', secret)
    .update(secret + text + secret)
    .digest()
  const given = Buffer.from(sign, 'hex')
  const isSigned = given.length === wanted.length && timingSafeEqual(given, wanted)
  if (!isSigned) return c.json({ code: 30001 }, 401)
  const { order_infos, ...envelope } = pass(checks.request, JSON.parse(body))
  const request = createHash('sha256').update(body).digest('base64url')
  const now = new Date()
  const jobs: Action[][] = []
  const err_infos: object[] = []
  for (const info of order_infos) {
    const read = await readOrder(info, envelope, timestamp)
    jobs.push(await actionsOf(read, request, now))
    err_infos.push(pending(info))
  }
  await Promise.all(packed(jobs).map(keep))
  return c.json({
    log_id: createHash('sha256').update(sign).digest('hex').slice(0, 32),
    ...{ code: 10000, msg: 'success', sub_code: '', sub_msg: '' },
    data: { ebill_infos: [], err_infos },
  })
})

function pending({ order_id, pack_id = '' }: { order_id: string; pack_id?: string }): object {
  const { code, text } = PENDING
  return { order_id, pack_id, err_code: code, err_msg: text, order_channel: '' }
}

/** As many whole orders as one transaction holds. */
function packed(jobs: readonly Action[][]): Action[][] {
  const packs: Action[][] = []
  for (const job of jobs) {
    const last = packs.at(-1)
    if (last !== undefined && last.length + job.length <= MOST_ITEMS) last.push(...job)
    else packs.push([...job])
  }
  return packs
}

function keep(TransactItems: Action[]) {
  const ClientRequestToken = randomBytes(16).toString('hex')
  return documents.send(new TransactWriteCommand({ TransactItems, ClientRequestToken }))
}

/** The items of one order: head, documents, wrapped keys, what is owed, look-ups. */
async function actionsOf(read: Read, request: string, now: Date): Promise<Action[]> {
  const { order, personal } = read
  const { order: id, courier, platform, rev } = order
  const bind = (group: 'sender' | 'receiver') => ({ order: id, courier, group, rev })
  const sender = await seal(personal.sender, bind('sender'), platform, now)
  const receiver = await seal(personal.receiver, bind('receiver'), platform, now)
  const body = JSON.stringify({ order, sealed: { sender: sender.open, receiver: receiver.open } })
  const head = headOf(read, request, now, Buffer.byteLength(body))
  const { expiresAt, deadline, owed, bytes } = head
  const seconds = (days: number) => Math.ceil((expiresAt + days * 86_400_000) / 1000)
  const key = { pk: `order#${id}` }
  const by = randomBytes(16).toString('hex')
  const keyOf = ({ wrapped, proof }: typeof sender) => ({ wrapped, signed: proof })
  const { certificate } = sender
  return [
    put(tables.orders, { ...key, sk: 'head', version: 1, by, head: JSON.stringify(head) }, true),
    put(tables.orders, { ...key, sk: 'doc#1', version: 1, platform, courier, body }, true),
    put(tables.keys, {
      ...{ pk: `key#${id}`, sk: 'key', life: 1, ttl: seconds(1), certificate },
      ...{ receiver: keyOf(receiver), sender: keyOf(sender) },
    }),
    put(tables.orders, {
      ...{ pk: `feed#courier#${courier}#0`, sk: owed, kind: 'waybill', life: 1, docVersion: 1 },
      ...{ bytes, expiresAt, ttl: seconds(30), deadline },
    }),
    ...order.platformOrders.map(number =>
      put(tables.orders, {
        ...{ pk: `ref#platform#${platform}##${number}`, sk: id, order: id, ttl: seconds(30) },
      }),
    ),
  ]
}

function headOf({ order, personal }: Read, request: string, now: Date, bytes: number) {
  const at = now.getTime()
  const { order: id, platform, courier, pieces: boxes } = order
  const { createdAt, lasthop: _l, rev, ...open } = order
  const hmac = createHmac('sha256', keys.body)
    .update(`${id}\n${JSON.stringify([open, personal])}`)
    .digest('base64url')
  return {
    ...{ order: id, life: 1, version: 1, last: at, rev, state: 'posted', platform, courier },
    ...{ shard: 0, request, postedAt: at, deadline: at + config.offerSeconds * 1000 },
    ...{ expiresAt: at + config.keepSeconds * 1000, signedAt: Date.parse(createdAt), hmac },
    ...{ sealed: ['sender', 'receiver'], boxes, tracking: { at: 0 }, seen: '', docVersion: 1 },
    ...{ bytes, owed: `${at}.${id}.1.0a` },
  }
}

function put(TableName: string, Item: Record<string, unknown>, isNew = false): Action {
  const condition = {
    ConditionExpression: 'attribute_not_exists(pk)',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  } as const
  return { Put: { TableName, Item, ...(isNew ? condition : {}) } }
}
