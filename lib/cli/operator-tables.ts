import { createPrivateKey, randomBytes } from 'node:crypto'
import { type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb'
import type { BrakePorts } from '../flow/brake.ts'
import type { GatewayConfig } from '../flow/config.ts'
import type { Identities } from '../local/identities.ts'
import { TABLES } from '../local/world.ts'
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
  readonly brake: BrakePorts
  /** Names of all chains in the audit: orders, and hops with their brakes. */
  chains(): Promise<string[]>
  receipts(): Promise<StoredReceipt[]>
  /** Who signs a courier's receipts. */
  receiptKey(courier: string): PinnedKey | undefined
  close(): void
}

/** The tables of a gateway that runs over the embedded database. */
export function operatorTables(
  endpoint: string,
  region: string,
  config: GatewayConfig,
  identities: Identities,
): OperatorTables {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  const client = createClient({ endpoint, region, credentials })
  const store = createStore({ client, tables: TABLES, clock: Date.now, random: randomBytes })
  return {
    store,
    brake: { config, store, now: () => new Date(), count() {} },
    async chains() {
      const keys = await keysOf(client, TABLES.audit)
      return [...new Set(keys.map(({ pk }) => pk.replace(/^audit#/, '')))].sort()
    },
    async receipts() {
      const all = await Promise.all(
        Object.keys(config.couriers).map(courier => receiptsOf(client, courier)),
      )
      return all.flat()
    },
    receiptKey(courier) {
      const jwk = identities.couriers[courier]?.receipts
      if (jwk === undefined) return undefined
      return pinOf(signingKey(createPrivateKey({ key: jwk, format: 'jwk' })))
    },
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
  for await (const { Items = [] } of paginateScan({ client }, { TableName })) {
    for (const { pk, sk, jws } of Items) {
      rows.push({ pk: pk?.S ?? '', sk: sk?.S ?? '', jws: jws?.S ?? '' })
    }
  }
  return rows
}

async function receiptsOf(client: DynamoDBClient, courier: string): Promise<StoredReceipt[]> {
  const rows = await keysOf(client, `Custody-${courier}`)
  return rows
    .filter(({ sk }) => sk.startsWith('receipt#'))
    .map(({ pk, jws }) => ({ courier, order: pk.replace(/^order#/, ''), jws }))
}
