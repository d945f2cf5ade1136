import { pinKey } from '../seal/index.ts'
import { createClient } from '../store/index.ts'
import { type OperatorTables, tablesOver } from './operator-tables.ts'
import { UsageError } from './partners.ts'
import { publicKeyIn } from './public-key.ts'
import { openSession } from './session.ts'

/** Tables by their names in AWS; without any, those of the running gateway of a data folder. */
export interface TableOptions {
  readonly data: string
  readonly auditTable?: string
  readonly keysTable?: string
  /** `sf=lasthop-sf-custody` */
  readonly receipts?: readonly string[]
  /** `sf=receipts.pem` */
  readonly receiptKey?: readonly string[]
  readonly endpoint?: string
  readonly region?: string
}

const NONE = 'none'

/**
 * The tables that an operator's verb is about. AWS is asked with the default credentials of its SDK;
 * they must reach the routers' tables, too, where receipts are to be read.
 *
 * @throws {UsageError} for names that say too little
 */
export function openTables(
  options: TableOptions,
  needs: readonly ('audit' | 'keys')[],
): OperatorTables {
  const { auditTable, keysTable, endpoint, region } = options
  const given = { audit: auditTable, keys: keysTable }
  if (Object.values(given).every(name => name === undefined)) {
    return openSession(options.data).tables()
  }
  const missing = needs.find(name => given[name] === undefined)
  if (missing !== undefined) throw new UsageError(`--${missing}-table is wanted, too`)
  const routers = pairsOf('--receipts', options.receipts)
  const keys = pairsOf('--receipt-key', options.receiptKey)
  const unsigned = Object.keys(routers).find(courier => keys[courier] === undefined)
  if (unsigned !== undefined) throw new UsageError(`--receipt-key ${unsigned}=FILE is wanted, too`)
  const pins = Object.entries(keys).map(
    ([name, file]) => [name, pinKey(publicKeyIn(file).jwk)] as const,
  )
  return tablesOver({
    client: createClient({ ...(endpoint ? { endpoint } : {}), ...(region ? { region } : {}) }),
    tables: { orders: NONE, keys: keysTable ?? NONE, audit: auditTable ?? NONE },
    routers,
    receiptKey: courier => new Map(pins).get(courier),
  })
}

function pairsOf(option: string, texts: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(
    texts.map(text => {
      const [, courier, value] = /^([a-z][a-z0-9-]*)=(.+)$/.exec(text) ?? []
      if (courier === undefined || value === undefined) {
        throw new UsageError(`${option} wants COURIER=…, such as sf=…`)
      }
      return [courier, value]
    }),
  )
}
