import { createHash } from 'node:crypto'
import { GetItemCommand } from '@aws-sdk/client-dynamodb'
import { GatewayError } from '../model/errors.ts'
import type { Group } from '../model/validate.ts'
import { type Budget, call, type StorePorts, startBudget } from './client.ts'
import { type Item, itemKey, number, numberOf, secondsOf, text, textOf } from './items.ts'
import { queryAll } from './read.ts'
import { transact } from './transact.ts'

/** Three years, in milliseconds. */
const KEPT_MS = 3 * 366 * 86_400_000

/** A hash that stands before the first record. */
const START = '-'

/** What happened to an order's keys. Holds no personal data: words of ours, ids of hops and actors. */
export interface AuditRecord {
  readonly what: 'assigned' | 'released' | 'refused' | 'deleted' | 'alarmed' | 'lifted'
  /** Milliseconds since 1970. */
  readonly at: number
  readonly group?: Group
  readonly life?: number
  readonly epoch?: number
  readonly hop?: string
  /** Working day, `2026-01-01`. */
  readonly day?: string
  /** Who did it, by id: a role, a hop, a key's id. */
  readonly actor?: string
  /** Why, for refusals and deletions: one of our codes. */
  readonly because?: string
}

/** A record in its place in an order's chain. */
export interface ChainedRecord {
  /** From 1. */
  readonly sequence: number
  readonly record: AuditRecord
  /** SHA-256 over the record, its place and the hash before it, base64url. */
  readonly hash: string
}

/** The end of an order's chain, as it is kept beside the records and signed into receipts. */
export interface ChainHead {
  /** How many records there are, and the number of the last. */
  readonly length: number
  readonly hash: string
}

/** An order's records, and where they are said to end. */
export interface Chain {
  readonly records: readonly ChainedRecord[]
  readonly head: ChainHead
}

/** What happened to keys, chained per order. Every method throws `STORE_AWAY` when it cannot be reached. */
export interface Audit {
  /**
   * Appends a record to an order's chain and returns the chain's new head.
   *
   * @throws {GatewayError} `VALUE_INVALID` for a text that is no id, lest personal data get in
   */
  appendAudit(order: string, record: AuditRecord): Promise<ChainHead>
  readChain(order: string): Promise<Chain>
}

const ID = /^[A-Za-z0-9._:/~-]{1,256}$/

/** The part of the store that keeps the audit. */
export function createAudit(ports: StorePorts): Audit {
  return {
    async appendAudit(order, record) {
      checkRecord(record)
      const budget = startBudget(ports)
      for (;;) {
        const head = await readHead(ports, budget, order)
        const sequence = head.length + 1
        const next = { length: sequence, hash: hashOf(order, sequence, head.hash, record) }
        if (await append(ports, budget, order, head, next, record)) return next
        await budget.pause(undefined)
      }
    },
    async readChain(order) {
      const budget = startBudget(ports)
      const items = await queryAll(ports, budget, ports.tables.audit, partition(order))
      const last = items.find(item => textOf(item, 'sk') === 'head')
      const records = items.filter(item => item !== last).map(recordOf)
      return { records, head: headOf(last) }
    },
  }
}

/**
 * Checks a chain: that its records stand in their places, unchanged, and end where they are said to.
 * A whole chain rewritten shows only against a head that is kept elsewhere, such as a receipt's.
 *
 * @returns the number of the first record that is wrong, cut out or cut off; undefined when all is well
 */
export function verifyChain(
  order: string,
  { records, head }: Chain,
  receipts: readonly ChainHead[] = [],
): number | undefined {
  let before = START
  for (const [at, { sequence, record, hash }] of records.entries()) {
    const place = at + 1
    if (sequence !== place || hash !== hashOf(order, place, before, record)) return place
    before = hash
  }
  for (const { length, hash } of [head, ...receipts].toSorted((a, b) => a.length - b.length)) {
    const known = length === 0 ? START : records[length - 1]?.hash
    if (known === undefined) return records.length + 1
    if (known !== hash) return length
  }
  return head.length < records.length ? head.length + 1 : undefined
}

const partition = (order: string): string => `audit#${order}`

/** Sorts as numbers do: twelve digits. */
const placeKey = (order: string, sequence: number): Item =>
  itemKey(partition(order), String(sequence).padStart(12, '0'))

function checkRecord(record: AuditRecord): void {
  for (const [name, value] of Object.entries(record)) {
    if (typeof value === 'string' && !ID.test(value)) {
      throw new GatewayError('VALUE_INVALID', `/${name}`)
    }
  }
}

function hashOf(order: string, sequence: number, before: string, record: AuditRecord): string {
  const lines = ['lasthop-audit-1', order, String(sequence), before, jsonOf(record)]
  return createHash('sha256')
    .update(lines.map(line => `${line}\n`).join(''))
    .digest('base64url')
}

/** The record with its members in alphabetical order, so that it has one hash only. */
function jsonOf(record: AuditRecord): string {
  return JSON.stringify(Object.fromEntries(Object.entries(record).toSorted(byName)))
}

function byName([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1
}

async function readHead(ports: StorePorts, budget: Budget, order: string): Promise<ChainHead> {
  const Key = itemKey(partition(order), 'head')
  const input = { TableName: ports.tables.audit, Key, ConsistentRead: true }
  const { Item } = await call(budget, options =>
    ports.client.send(new GetItemCommand(input), options),
  )
  return headOf(Item)
}

function headOf(item: Item | undefined): ChainHead {
  return { length: numberOf(item, 'length'), hash: textOf(item, 'hash') ?? START }
}

function recordOf(item: Item): ChainedRecord {
  const record: AuditRecord = JSON.parse(textOf(item, 'record') ?? '{}')
  return {
    sequence: Number(textOf(item, 'sk')),
    record,
    hash: textOf(item, 'hash') ?? '',
  }
}

/**
 * Puts the record and the new head; false when another record came first. Only puts, so that the role
 * needs no right to update or delete.
 */
async function append(
  ports: StorePorts,
  budget: Budget,
  order: string,
  head: ChainHead,
  next: ChainHead,
  record: AuditRecord,
): Promise<boolean> {
  const TableName = ports.tables.audit
  const kept = { hash: text(next.hash), ttl: secondsOf(record.at + KEPT_MS) }
  const recordItem = {
    ...placeKey(order, next.length),
    ...kept,
    record: text(jsonOf(record)),
  }
  const headItem = {
    ...itemKey(partition(order), 'head'),
    ...kept,
    length: number(next.length),
  }
  const once = { ConditionExpression: 'attribute_not_exists(pk)' }
  const reasons = await transact(ports, budget, [
    { action: { Put: { TableName, Item: recordItem, ...once } } },
    { action: { Put: { TableName, Item: headItem, ...standsAt(head.length) } } },
  ])
  return reasons.length === 0
}

function standsAt(length: number) {
  if (length === 0) return { ConditionExpression: 'attribute_not_exists(pk)' }
  return {
    ConditionExpression: '#length = :length',
    ExpressionAttributeNames: { '#length': 'length' },
    ExpressionAttributeValues: { ':length': number(length) },
  }
}
