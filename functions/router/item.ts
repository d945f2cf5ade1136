import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { GatewayError } from '../../lib/model/errors.ts'

/** An item of the router's table as DynamoDB gives it. */
export type Item = Readonly<Record<string, AttributeValue>>

/** Where an item lies. */
export interface ItemKey {
  readonly pk: string
  readonly sk: string
}

/** An item to write: texts, numbers, booleans. */
export function toItem(
  { pk, sk }: ItemKey,
  values: Readonly<Record<string, string | number | boolean>>,
): Record<string, AttributeValue> {
  return { pk: { S: pk }, sk: { S: sk }, ...toValues(values) }
}

/** Values under their names, as DynamoDB wants them. */
export function toValues(
  values: Readonly<Record<string, string | number | boolean>>,
): Record<string, AttributeValue> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]): [string, AttributeValue] => [name, write(value)]),
  )
}

/** @throws {GatewayError} `STORE_AWAY` for an item that this router did not write. */
export function textOf(item: Item, name: string): string {
  const text = item[name]?.S
  if (text === undefined) throw new GatewayError('STORE_AWAY', `/${name}`)
  return text
}

/** @throws {GatewayError} `STORE_AWAY` for an item that this router did not write. */
export function numberOf(item: Item, name: string): number {
  const number = item[name]?.N
  if (number === undefined) throw new GatewayError('STORE_AWAY', `/${name}`)
  return Number(number)
}

function write(value: string | number | boolean): AttributeValue {
  if (typeof value === 'string') return { S: value }
  return typeof value === 'number' ? { N: String(value) } : { BOOL: value }
}
