import type { TransactWriteItem } from '@aws-sdk/client-dynamodb'
import { GatewayError } from '../model/errors.ts'
import { type Head, phaseOf } from './head.ts'
import {
  docItem,
  docKey,
  entryItem,
  entryKey,
  headItem,
  type Item,
  KEYS_GRACE_MS,
  keysKey,
  number,
  refItem,
  secondsOf,
  text,
  textOf,
} from './items.ts'
import type { OrderKeys, Ref, Step } from './step.ts'
import type { TableNames } from './tables.ts'

/** Longest order document and longest answer, in bytes. */
export const DOC_LIMIT = 64 * 1024

/** Longest body of an entry, in bytes. */
export const BODY_LIMIT = 4 * 1024

/** Actions that one transaction holds: the service's own limit. */
export const MOST_ITEMS = 100

/** Look-ups of one order that still go into its own transaction. */
const REFS_LIMIT = 80

/** One action of a transaction, and what its failure would mean. */
export interface Write {
  readonly action: TransactWriteItem
  /** Names the item: a transaction may touch it only once. */
  readonly target: string
  readonly bytes: number
  /** A `claim` is a parcel of a platform's order, a `hint` a look-up that the step can do without. */
  readonly role: 'head' | 'doc' | 'claim' | 'ref' | 'hint' | 'other'
}

/** What a step is written upon. */
export interface Ground {
  readonly tables: TableNames
  /** The head that was decided upon; undefined where there is none. */
  readonly before: Head | undefined
  /** Names this write in the head. */
  readonly by: string
  /** Look-ups held by orders that are over, by target: whose they may be taken from. */
  readonly takeOver: ReadonlyMap<string, string>
  /** Look-ups, by target, that live orders hold and the step does without. */
  readonly without: ReadonlySet<string>
  /** Documents without a head lie about, and are overwritten. */
  readonly anew: boolean
}

/**
 * Checks that a step's documents are not too long.
 *
 * @throws {GatewayError} `VALUE_TOO_LONG`
 */
export function checkSizes(step: Step): void {
  const tooLong = [step.doc, step.answer].some(doc => doc && Buffer.byteLength(doc) > DOC_LIMIT)
  const bodies = step.put.some(entry => entry.body && Buffer.byteLength(entry.body) > BODY_LIMIT)
  if (tooLong || bodies) throw new GatewayError('VALUE_TOO_LONG')
}

/** All that a step writes. */
export interface Plan {
  /** Look-ups that are too many for the step's own transaction, and are written ahead of it. */
  readonly early: readonly Write[]
  /** What goes into one transaction. */
  readonly writes: readonly Write[]
}

/** Plans the actions of a step. */
export function planStep(step: Step, ground: Ground): Plan {
  const { tables } = ground
  const writes = [
    headWrite(step.head, ground),
    ...docWrites(step, ground),
    ...(step.keys === undefined ? [] : [keysWrite(step.head, step.keys, ground)]),
    ...step.put.map(entry => put(tables.orders, entryItem(entry))),
    ...step.drop.map(({ feed, id }) => remove(tables.orders, entryKey(feed, id))),
  ]
  const refs = refsOf(step)
    .map(ref => refWrite(ref, step.head, ground))
    .filter(ref => !ground.without.has(ref.target))
  const room = Math.min(REFS_LIMIT, MOST_ITEMS - writes.length)
  return { early: refs.slice(room), writes: [...writes, ...refs.slice(0, room)] }
}

/** Each look-up once. */
function refsOf(step: Step): Ref[] {
  return [...new Map(step.refs.map(ref => [JSON.stringify(ref), ref])).values()]
}

function headWrite(head: Head, { tables, before, by }: Ground): Write {
  const condition =
    before === undefined
      ? { ConditionExpression: 'attribute_not_exists(pk)' }
      : {
          ConditionExpression: 'version = :read',
          ExpressionAttributeValues: { ':read': number(before.version) },
        }
  return put(tables.orders, headItem(head, by, isClosed(head)), 'head', condition)
}

/**
 * A new document is put whole. The first life's also returns what is already there, so that a repeat
 * learns all of the order in the same round trip. The database may delete it once the order is closed.
 */
function docWrites(step: Step, { tables, before, anew }: Ground): Write[] {
  const { head, doc, answer } = step
  if (doc !== undefined) {
    const isFirst = before === undefined && !anew
    const condition = isFirst ? { ConditionExpression: 'attribute_not_exists(pk)' } : {}
    return [put(tables.orders, docItem(head, doc, answer), 'doc', condition)]
  }
  const closed = isClosed(head)
  const turned = before !== undefined && isClosed(before) !== closed
  if (answer === undefined && !turned) return []
  return [docUpdate(tables.orders, head, answer, closed)]
}

function docUpdate(table: string, head: Head, answer: string | undefined, closed: boolean): Write {
  const sets = [
    ...(answer === undefined ? [] : ['answer = :answer', 'version = :version']),
    ...(closed ? ['#ttl = :ttl'] : []),
  ]
  const Update = {
    TableName: table,
    Key: docKey(head.order, head.life),
    UpdateExpression: [
      sets.length > 0 ? `SET ${sets.join(', ')}` : '',
      closed ? '' : 'REMOVE #ttl',
    ].join(' '),
    ExpressionAttributeNames: { '#ttl': 'ttl' },
    ...(sets.length > 0
      ? {
          ExpressionAttributeValues: {
            ...(answer === undefined
              ? {}
              : { ':answer': text(answer), ':version': number(head.version) }),
            ...(closed ? { ':ttl': secondsOf(head.expiresAt) } : {}),
          },
        }
      : {}),
  }
  const bytes = head.bytes + 200
  return { action: { Update }, target: targetOf(table, Update.Key), bytes, role: 'other' }
}

/**
 * Keys of a new life replace all; a change within a life replaces only those it brings, and takes
 * away the key of a group that is sealed no more.
 */
function keysWrite(head: Head, keys: OrderKeys, { tables, before }: Ground): Write {
  const attributes: Item = {
    life: number(head.life),
    ttl: secondsOf(head.expiresAt + KEYS_GRACE_MS),
    ...(keys.certificate === undefined ? {} : { certificate: text(keys.certificate) }),
  }
  for (const group of ['receiver', 'sender'] as const) {
    const key = keys[group]
    if (key !== undefined) {
      const { wrapped, signed, certificate } = key
      const own = certificate === undefined ? {} : { certificate: text(certificate) }
      attributes[group] = { M: { wrapped: { B: wrapped }, signed: text(signed), ...own } }
    }
  }
  const Key = keysKey(head.order)
  if (before?.life !== head.life) return put(tables.keys, { ...Key, ...attributes })
  const names = Object.keys(attributes)
  const gone = before.sealed.filter(group => !head.sealed.includes(group))
  const sets = names.map((_, i) => `#n${i} = :v${i}`).join(', ')
  const Update = {
    TableName: tables.keys,
    Key,
    UpdateExpression: `SET ${sets}${gone.length > 0 ? ` REMOVE ${gone.join(', ')}` : ''}`,
    ExpressionAttributeNames: Object.fromEntries(names.map((name, i) => [`#n${i}`, name])),
    ExpressionAttributeValues: Object.fromEntries(
      Object.values(attributes).map((value, i) => [`:v${i}`, value]),
    ),
  }
  const bytes = sizeOf(attributes)
  return { action: { Update }, target: targetOf(tables.keys, Key), bytes, role: 'other' }
}

/**
 * A waybill number belongs to one order, and so does a parcel of a platform's order, unless the order
 * that has it is over. An answer does not stand without its numbers, nor an order without its parcel,
 * which it may be merged with others into; an event does without the number of the way back.
 */
function refWrite(ref: Ref, head: Head, { tables, takeOver }: Ground): Write {
  const item = refItem(ref, head)
  const holder = takeOver.get(targetOf(tables.orders, item))
  return put(tables.orders, item, roleOfRef(ref), {
    ConditionExpression: `attribute_not_exists(pk) OR #order = :own${holder ? ' OR #order = :holder' : ''}`,
    ExpressionAttributeNames: { '#order': 'order' },
    ExpressionAttributeValues: {
      ':own': text(head.order),
      ...(holder ? { ':holder': text(holder) } : {}),
    },
  })
}

function roleOfRef(ref: Ref): Write['role'] {
  if (ref.by === 'platform') return 'claim'
  return ref.role === 'return' ? 'hint' : 'ref'
}

function put(
  table: string,
  item: Item,
  role: Write['role'] = 'other',
  condition: Record<string, unknown> = {},
): Write {
  const old = role === 'other' ? {} : { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const }
  return {
    action: { Put: { TableName: table, Item: item, ...condition, ...old } },
    target: targetOf(table, item),
    bytes: sizeOf(item),
    role,
  }
}

function remove(table: string, key: Item): Write {
  const action = { Delete: { TableName: table, Key: key } }
  return { action, target: targetOf(table, key), bytes: sizeOf(key), role: 'other' }
}

/** True while the order counts as closed, for its state or for its tracking. */
const isClosed = (head: Head): boolean => phaseOf(head) === 'closed'

function targetOf(table: string, key: Item): string {
  return `${table}\n${textOf(key, 'pk')}\n${textOf(key, 'sk')}`
}

/** About as many bytes as the item takes. */
function sizeOf(item: Item): number {
  let bytes = 0
  for (const [name, { S, B, N, M }] of Object.entries(item)) {
    bytes += name.length + 8 + (B?.length ?? 0) + (N?.length ?? 0) + Buffer.byteLength(S ?? '')
    if (M !== undefined) bytes += sizeOf(M)
  }
  return bytes
}
