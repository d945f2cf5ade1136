import { createPrivateKey, randomBytes } from 'node:crypto'
import { type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb'
import type { BrakePorts } from '../flow/brake.ts'
import type { GatewayConfig } from '../flow/config.ts'
import type { Identities } from '../local/identities.ts'
import { TABLES } from '../local/world.ts'
import { GatewayError } from '../model/errors.ts'
import { type PinnedKey, pinOf, signingKey } from '../seal/index.ts'
import { createClient, createStore, type Store } from '../store/index.ts'

/** A router's receipt as it lies in its table. */
export interface StoredReceipt {
  readonly courier: string
  readonly order: string
  readonly jws: string
}

/** What an operator reads and writes without the gateway. */
export interface OperatorTables {
  readonly store: Store
  readonly brake: Pick<BrakePorts, 'store' | 'now'>
  /** Names of all chains in the audit: orders, and hops with their brakes. */
  chains(): Promise<string[]>
  receipts(): Promise<StoredReceipt[]>
  /** Who signs a courier's receipts. */
  receiptKey(courier: string): PinnedKey | undefined
  close(): void
}

/** Where the tables are. */
export interface TableSource {
  readonly client: DynamoDBClient
  readonly tables: { readonly orders: string; readonly keys: string; readonly audit: string }
  /** The routers' tables, by courier. */
  readonly routers: Readonly<Record<string, string>>
  receiptKey(courier: string): PinnedKey | undefined
}

/** The tables of a gateway that runs over the embedded database. */
export function operatorTables(
  endpoint: string,
  region: string,
  config: GatewayConfig,
  identities: Identities,
): OperatorTables {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  const couriers = Object.keys(config.couriers)
  return tablesOver({
    client: createClient({ endpoint, region, credentials }),
    tables: TABLES,
    routers: Object.fromEntries(couriers.map(name => [name, `Custody-${name}`])),
    receiptKey(courier) {
      const jwk = identities.couriers[courier]?.receipts
      if (jwk === undefined) return undefined
      return pinOf(signingKey(createPrivateKey({ key: jwk, format: 'jwk' })))
    },
  })
}

/** What an operator does, over tables wherever they are. */
export function tablesOver({ client, tables, routers, receiptKey }: TableSource): OperatorTables {
  const store = createStore({ client, tables, clock: Date.now, random: randomBytes })
  return {
    store,
    brake: { store, now: () => new Date() },
    async chains() {
      const keys = await keysOf(client, tables.audit)
      return [...new Set(keys.map(({ pk }) => pk.replace(/^audit#/, '')))].sort()
    },
    async receipts() {
      const all = await Promise.all(
        Object.entries(routers).map(([courier, table]) => receiptsOf(client, courier, table)),
      )
      return all.flat()
    },
    receiptKey,
    close: () => client.destroy(),
  }
}

interface Row {
  readonly pk: string
  readonly sk: string
  readonly jws: string
}

async function keysOf(client: DynamoDBClient, TableName: string): Promise<Row[]> {
  const rows: Row[] = []
  try {
    for await (const { Items = [] } of paginateScan({ client }, { TableName })) {
      for (const { pk, sk, jws } of Items) {
        rows.push({ pk: pk?.S ?? '', sk: sk?.S ?? '', jws: jws?.S ?? '' })
      }
    }
  } catch (cause) {
    throw new GatewayError('STORE_AWAY', '', { retry: 'later', cause })
  }
  return rows
}

async function receiptsOf(
  client: DynamoDBClient,
  courier: string,
  table: string,
): Promise<StoredReceipt[]> {
  const rows = await keysOf(client, table)
  return rows
    .filter(({ sk }) => sk.startsWith('receipt#'))
    .map(({ pk, jws }) => ({ courier, order: pk.replace(/^order#/, ''), jws }))
}
