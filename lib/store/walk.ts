import { ScanCommand } from '@aws-sdk/client-dynamodb'
import { call, type StorePorts, startBudget } from './client.ts'
import type { Head } from './head.ts'
import { headOf, type Item, itemKey, textOf } from './items.ts'

/** Orders of one page of a walk, and where to go on. */
export interface WalkPage {
  readonly heads: readonly Head[]
  /** Goes into `after` to read on. */
  readonly next?: string
}

/** Walking through all orders: for an operator, and no function has a right to it. */
export interface Walks {
  /**
   * A page of all orders, in no order, also of those whose time is over. One megabyte of the table.
   *
   * @throws {GatewayError} `STORE_AWAY`
   */
  walkOrders(after?: string): Promise<WalkPage>
}

/** The part of the store that walks through all orders. */
export function createWalks(ports: StorePorts): Walks {
  return {
    async walkOrders(after) {
      const input = {
        TableName: ports.tables.orders,
        FilterExpression: 'sk = :head',
        ExpressionAttributeValues: { ':head': { S: 'head' } },
        ...(after === undefined ? {} : { ExclusiveStartKey: keyIn(after) }),
      }
      const page = await call(startBudget(ports), options =>
        ports.client.send(new ScanCommand(input), options),
      )
      const heads = (page.Items ?? []).map(headOf).filter(head => head !== undefined)
      const { LastEvaluatedKey: last } = page
      return last === undefined ? { heads } : { heads, next: cursorOf(last) }
    },
  }
}

const cursorOf = (key: Item): string => `${textOf(key, 'pk')}\n${textOf(key, 'sk')}`

function keyIn(cursor: string): Item {
  const [pk = '', sk = ''] = cursor.split('\n')
  return itemKey(pk, sk)
}
