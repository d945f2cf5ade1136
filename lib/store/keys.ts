import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import { GatewayError } from '../model/errors.ts'
import type { Group } from '../model/validate.ts'
import { type Budget, call, type StorePorts, startBudget } from './client.ts'
import {
  GRACE_MS,
  type Item,
  itemKey,
  KEYS_GRACE_MS,
  keysKey,
  number,
  numberOf,
  secondsOf,
  text,
  textOf,
} from './items.ts'
import type { OrderKeys, WrappedKey } from './step.ts'

/** The wrapped keys of an order as they lie in table `Keys`. */
export type HeldKeys = OrderKeys & { readonly life: number }

/** Who holds a group of an order, by the courier's latest assignment. */
export interface Custody {
  /** The life of the order whose keys it concerns. */
  readonly life: number
  /** When the order's time is over, in milliseconds since 1970. */
  readonly expiresAt: number
  /** Number of the assignment, from 1. */
  readonly epoch: number
  /** Hash of the signed assignment. */
  readonly assignment: string
  readonly hop: string
  readonly day: string
  /** The signed assignment itself, or whatever else custody needs again: opaque. */
  readonly statement?: string
  /** The key wrapped for that hop, opaque; absent until the router gave it, and once it is deleted. */
  readonly capsule?: string
}

/** Key material: only ever wrapped. Every method throws `STORE_AWAY` when the store cannot be reached. */
export interface Keys {
  getKey(order: string): Promise<HeldKeys | undefined>
  getCustody(order: string, group: Group): Promise<Custody | undefined>
  /**
   * Keeps an assignment when its epoch is the next one. The same again is no error: the kept one
   * comes back, with its capsule where there is one. A new one has no capsule yet, and the old is gone.
   *
   * @throws {GatewayError} `EPOCH_STALE` for any other epoch, and for another assignment of the same
   */
  putCustody(order: string, group: Group, custody: Custody): Promise<Custody>
  /**
   * Keeps the capsule of an epoch.
   *
   * @throws {GatewayError} `EPOCH_STALE` when another assignment came in between
   */
  putCapsule(order: string, group: Group, epoch: number, capsule: string): Promise<void>
  /**
   * Deletes wrapped keys and capsules of an order, or of one group, up to the given life: keys of a
   * later life of the same order stay. Epochs stay, so that no old assignment counts again. May be
   * repeated.
   */
  deleteKeys(order: string, life: number, group?: Group): Promise<void>
}

/** Key material that nobody deleted in time. */
export interface Outlived {
  /**
   * Orders whose time was over at that moment and that still have key material, with the life it is
   * of: one page of a walk through the whole table. `next` goes into `after` to walk on.
   *
   * @throws {GatewayError} `STORE_AWAY`
   */
  findOutlived(now: number, after?: string): Promise<OutlivedKeys>
}

/** A page of orders that are kept no longer. */
export interface OutlivedKeys {
  readonly orders: readonly { readonly order: string; readonly life: number }[]
  readonly next?: string
}

const GROUPS = ['receiver', 'sender'] as const satisfies Group[]

/** The part of the store that keeps key material. */
export function createKeys(ports: StorePorts): Keys & Outlived {
  const TableName = ports.tables.keys
  const { client } = ports
  const budget = () => startBudget(ports)
  return {
    async getKey(order) {
      return heldKeys(await getItem(ports, budget(), keysKey(order)))
    },
    async getCustody(order, group) {
      return custodyOf(await getItem(ports, budget(), custodyKey(order, group)))
    },
    async putCustody(order, group, custody) {
      const input = {
        TableName,
        Item: custodyItem(order, group, custody),
        ...followsEpoch(custody.epoch - 1),
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
      }
      try {
        await call(budget(), options => client.send(new PutItemCommand(input), options))
        return custody
      } catch (error) {
        return sameCustody(error, custody)
      }
    },
    async putCapsule(order, group, epoch, capsule) {
      const input = {
        TableName,
        Key: custodyKey(order, group),
        UpdateExpression: 'SET capsule = :capsule',
        ConditionExpression: 'epoch = :epoch',
        ExpressionAttributeValues: { ':capsule': text(capsule), ':epoch': number(epoch) },
      }
      try {
        await call(budget(), options => client.send(new UpdateItemCommand(input), options))
      } catch (error) {
        throw staleEpoch(error)
      }
    },
    async deleteKeys(order, life, group) {
      const on = budget()
      await deleteKey(ports, on, order, life, group)
      for (const one of group === undefined ? GROUPS : [group]) {
        await deleteCapsule(ports, on, order, life, one)
      }
    },
    findOutlived: (now, after) => scanOutlived(ports, now, after),
  }
}

/**
 * Wrapped keys have the end of their order's time in `ttl`, a day of grace added; custody's items have
 * it as it is, and matter only while they hold a capsule.
 */
async function scanOutlived(
  ports: StorePorts,
  now: number,
  after: string | undefined,
): Promise<OutlivedKeys> {
  const input = {
    TableName: ports.tables.keys,
    ConsistentRead: true,
    FilterExpression:
      '(#ttl < :ttl AND (attribute_exists(receiver) OR attribute_exists(sender)))' +
      ' OR (attribute_exists(capsule) AND expiresAt < :now)',
    ExpressionAttributeNames: { '#ttl': 'ttl' },
    ExpressionAttributeValues: {
      ':ttl': secondsOf(now + KEYS_GRACE_MS),
      ':now': number(now),
    },
    ...(after === undefined ? {} : { ExclusiveStartKey: startKey(after) }),
  }
  const { Items = [], LastEvaluatedKey } = await call(startBudget(ports), options =>
    ports.client.send(new ScanCommand(input), options),
  )
  const orders = Items.map(item => ({
    order: textOf(item, 'pk')?.split('#')[1] ?? '',
    life: numberOf(item, 'life'),
  }))
  const next = LastEvaluatedKey === undefined ? {} : { next: textOf(LastEvaluatedKey, 'pk') ?? '' }
  return { orders, ...next }
}

/** An item's key by its partition, which has one item only. */
function startKey(pk: string): Item {
  return itemKey(pk, pk.startsWith('key#') ? 'key' : 'custody')
}

const custodyKey = (order: string, group: Group): Item =>
  itemKey(`custody#${order}#${group}`, 'custody')

async function getItem(ports: StorePorts, budget: Budget, Key: Item): Promise<Item | undefined> {
  const input = { TableName: ports.tables.keys, Key, ConsistentRead: true }
  const { Item } = await call(budget, options =>
    ports.client.send(new GetItemCommand(input), options),
  )
  return Item
}

function heldKeys(item: Item | undefined): HeldKeys | undefined {
  if (item === undefined) return undefined
  const certificate = textOf(item, 'certificate')
  const receiver = wrappedKey(item, 'receiver')
  const sender = wrappedKey(item, 'sender')
  return {
    life: numberOf(item, 'life'),
    ...(receiver === undefined ? {} : { receiver }),
    ...(sender === undefined ? {} : { sender }),
    ...(certificate === undefined ? {} : { certificate }),
  }
}

function wrappedKey(item: Item, group: Group): WrappedKey | undefined {
  const map = item[group]?.M
  const wrapped = map?.wrapped?.B
  if (wrapped === undefined) return undefined
  const certificate = textOf(map, 'certificate')
  const signed = textOf(map, 'signed') ?? ''
  return { wrapped, signed, ...(certificate === undefined ? {} : { certificate }) }
}

/** The condition that the kept epoch is this one; 0 stands for none. */
function followsEpoch(epoch: number) {
  if (epoch === 0) return { ConditionExpression: 'attribute_not_exists(pk)' }
  return {
    ConditionExpression: 'epoch = :epoch',
    ExpressionAttributeValues: { ':epoch': number(epoch) },
  }
}

function custodyItem(order: string, group: Group, custody: Custody): Item {
  const { life, expiresAt, epoch, assignment, hop, day, statement, capsule } = custody
  return {
    ...custodyKey(order, group),
    life: number(life),
    expiresAt: number(expiresAt),
    ttl: secondsOf(expiresAt + GRACE_MS),
    epoch: number(epoch),
    assignment: text(assignment),
    hop: text(hop),
    day: text(day),
    ...(statement === undefined ? {} : { statement: text(statement) }),
    ...(capsule === undefined ? {} : { capsule: text(capsule) }),
  }
}

function custodyOf(item: Item | undefined): Custody | undefined {
  if (item === undefined) return undefined
  const statement = textOf(item, 'statement')
  const capsule = textOf(item, 'capsule')
  return {
    life: numberOf(item, 'life'),
    expiresAt: numberOf(item, 'expiresAt'),
    epoch: numberOf(item, 'epoch'),
    assignment: textOf(item, 'assignment') ?? '',
    hop: textOf(item, 'hop') ?? '',
    day: textOf(item, 'day') ?? '',
    ...(statement === undefined ? {} : { statement }),
    ...(capsule === undefined ? {} : { capsule }),
  }
}

/** What is kept, when the failed condition shows that it is the very same assignment. */
function sameCustody(error: unknown, custody: Custody): Custody {
  if (!(error instanceof ConditionalCheckFailedException)) throw error
  const kept = custodyOf(error.Item)
  if (kept?.epoch === custody.epoch && kept.assignment === custody.assignment) return kept
  throw new GatewayError('EPOCH_STALE')
}

function staleEpoch(error: unknown): unknown {
  return error instanceof ConditionalCheckFailedException ? new GatewayError('EPOCH_STALE') : error
}

async function deleteKey(
  ports: StorePorts,
  budget: Budget,
  order: string,
  life: number,
  group: Group | undefined,
): Promise<void> {
  const input = {
    TableName: ports.tables.keys,
    Key: keysKey(order),
    ConditionExpression: 'life <= :life',
    ExpressionAttributeValues: { ':life': number(life) },
  }
  const send = (options: { abortSignal: AbortSignal }): Promise<unknown> =>
    group === undefined
      ? ports.client.send(new DeleteItemCommand(input), options)
      : ports.client.send(new UpdateItemCommand({ ...input, ...removes(group) }), options)
  await unlessGone(() => call(budget, send))
}

function removes(group: Group) {
  return { UpdateExpression: 'REMOVE #group', ExpressionAttributeNames: { '#group': group } }
}

async function deleteCapsule(
  ports: StorePorts,
  budget: Budget,
  order: string,
  life: number,
  group: Group,
): Promise<void> {
  const input = {
    TableName: ports.tables.keys,
    Key: custodyKey(order, group),
    UpdateExpression: 'REMOVE capsule',
    ConditionExpression: 'life <= :life',
    ExpressionAttributeValues: { ':life': number(life) },
  }
  await unlessGone(() =>
    call(budget, options => ports.client.send(new UpdateItemCommand(input), options)),
  )
}

/** Nothing to delete is as good as deleted. */
async function unlessGone(remove: () => Promise<unknown>): Promise<void> {
  try {
    await remove()
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error
  }
}
