import { listOf, memberOf } from '../../test/stack/rights.ts'

const KILOBYTE = 1024

/**
 * Bytes of an item as DynamoDB counts them: names and values as UTF-8, numbers by their digits, lists and
 * maps with three bytes and one for each member. Takes what lies on the wire, bytes as base64.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 *   (read 2026-11-24)
 */
export function itemBytes(item: unknown): number {
  return Object.entries(Object(item)).reduce(
    (total, [name, value]) => total + Buffer.byteLength(name) + valueBytes(value),
    0,
  )
}

function valueBytes(value: unknown): number {
  const [[type, held] = ['NULL', true]] = Object.entries(Object(value))
  switch (type) {
    case 'S':
      return Buffer.byteLength(String(held))
    case 'N':
      return Math.ceil(String(held).replace(/\D/g, '').length / 2) + 1
    case 'B':
      return Buffer.byteLength(String(held), 'base64')
    case 'L':
      return 3 + listOf(held).reduce<number>((total, one) => total + 1 + valueBytes(one), 0)
    case 'M':
      return 3 + Object.keys(Object(held)).length + itemBytes(held)
    case 'SS':
    case 'NS':
    case 'BS':
      return listOf(held).reduce<number>((total, one) => total + Buffer.byteLength(String(one)), 0)
    default:
      return 1
  }
}

/**
 * Units of a transaction that was cancelled, at most: DynamoDB bills it and does not say how much. Each
 * action counts twice, by the size of what it would have put.
 */
export function cancelledUnits(input: unknown): { table: string; units: number } {
  const actions = listOf(memberOf(input, 'TransactItems')).flatMap(one =>
    Object.values(Object(one)),
  )
  const units = actions.map(action => {
    return 2 * Math.max(1, Math.ceil(itemBytes(memberOf(action, 'Item')) / KILOBYTE))
  })
  const table = String(memberOf(actions[0], 'TableName'))
  return { table, units: units.reduce((total, one) => total + one, 0) }
}
