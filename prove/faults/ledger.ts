import type { ItemsOf } from './check.ts'
import type { Item } from './expressions.ts'
import { ROUTER_TABLE, TABLES } from './keys.ts'

/**
 * Everything that the tables hold, but for what differs by chance or may be repeated: names of writes,
 * sealed bytes, signatures, counters, and how often the audit tells of the same thing.
 */
export function ledgerOf(items: ItemsOf, now: number): string[] {
  const orders = items(TABLES.orders).map(orderLine)
  const keys = items(TABLES.keys).flatMap(keyLine)
  const audit = items(TABLES.audit).flatMap(auditLine)
  const router = items(ROUTER_TABLE).flatMap(item => routerLine(item, now))
  return [...orders, ...keys, ...new Set(audit.sort()), ...router]
}

/** The first line in which two ledgers differ. */
export function difference(expected: readonly string[], found: readonly string[]): string {
  const at = expected.findIndex((line, i) => line !== found[i])
  const place = at < 0 ? expected.length : at
  return `expected ${expected[place] ?? 'nothing'}, found ${found[place] ?? 'nothing'}`
}

const place = ({ pk, sk }: Item) => `${pk?.S} ${sk?.S}`

/** A database gives attributes back in any order. */
const sorted = (item: Item) => Object.entries(item).sort()

function orderLine(item: Item): string {
  const { by, body, ...rest } = item
  if (item.sk?.S?.startsWith('doc#')) {
    const { order, sealed } = JSON.parse(body?.S ?? '{}')
    return `${place(item)} ${JSON.stringify([sorted(rest), order, Object.keys(sealed)])}`
  }
  if (item.sk?.S === 'head') return headLine(item)
  return JSON.stringify([sorted(rest), body])
}

/** Which group of two was assigned first may differ. */
function headLine(item: Item): string {
  const head = JSON.parse(item.head?.S ?? '{}')
  const [assigned, shredded] = [head.assigned?.toSorted(), head.shredded?.toSorted()]
  return `${place(item)} ${JSON.stringify({ ...head, assigned, shredded, ttl: item.ttl })}`
}

function keyLine(item: Item): string[] {
  const { pk, life, epoch, hop, day, capsule, receiver, sender, expiresAt, ttl } = item
  if (pk?.S?.startsWith('count#')) return []
  const has = { capsule: capsule !== undefined, receiver: !!receiver, sender: !!sender }
  return [`${place(item)} ${JSON.stringify({ life, epoch, hop, day, expiresAt, ttl, ...has })}`]
}

/** A release or an assignment may be told of again; refusals come of faults. */
function auditLine(item: Item): string[] {
  if (item.record === undefined) return []
  const record = JSON.parse(item.record.S ?? '{}')
  return record.what === 'refused' ? [] : [`${item.pk?.S} ${JSON.stringify(record)}`]
}

/** What the database may have deleted by now counts as gone. */
function routerLine(item: Item, now: number): string[] {
  const { pk, sk, epoch, hop, ended, ciphertext, ttl } = item
  const isChance = pk?.S?.startsWith('key#') || pk?.S?.startsWith('count#')
  const isOver = ttl !== undefined && Number(ttl.N) * 1000 < now
  const isBare = sk?.S?.startsWith('capsule#') && ciphertext === undefined
  if (isChance || isOver || isBare || sk?.S?.startsWith('receipt#')) return []
  const known = JSON.stringify({ epoch, hop, ended })
  return [`${place(item)} ${known}`]
}
