import { reshredOrders } from '../flow/reshred.ts'
import { createClient } from '../store/index.ts'
import { type OperatorTables, tablesOver } from './operator-tables.ts'
import { UsageError } from './partners.ts'
import { openSession } from './session.ts'

/** Where the tables are: all three by name, or those of a running gateway. */
export interface ReshredOptions {
  readonly data: string
  readonly ordersTable?: string
  readonly keysTable?: string
  readonly auditTable?: string
  readonly endpoint?: string
  readonly region?: string
}

/**
 * Deletes once more what the audit says was deleted, after `Orders` was restored.
 *
 * @returns exit code: 0 done, 1 to be run again
 */
export async function reshred(options: ReshredOptions): Promise<number> {
  const tables = openTables(options)
  try {
    const ports = { store: tables.store, now: () => new Date() }
    const { reshredded, failed } = await reshredOrders(ports, await tables.chains())
    const said = `${reshredded} orders without keys`
    console.log(failed === 0 ? said : `${said}; ${failed} failed: run it again`)
    return failed === 0 ? 0 : 1
  } finally {
    tables.close()
  }
}

function openTables(options: ReshredOptions): OperatorTables {
  const { ordersTable: orders, keysTable: keys, auditTable: audit, endpoint, region } = options
  const given = [orders, keys, audit].filter(name => name !== undefined)
  if (given.length === 0) return openSession(options.data).tables()
  if (orders === undefined || keys === undefined || audit === undefined) {
    throw new UsageError('--orders-table, --keys-table and --audit-table go together')
  }
  return tablesOver({
    client: createClient({ ...(endpoint ? { endpoint } : {}), ...(region ? { region } : {}) }),
    tables: { orders, keys, audit },
    routers: {},
    receiptKey: () => undefined,
  })
}
