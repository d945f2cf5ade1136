import { parseFlat } from '../seal/flat-json.ts'
import { verifyJws } from '../seal/jws.ts'
import { type ChainHead, verifyChain } from '../store/index.ts'
import { openTables, type TableOptions } from './aws-tables.ts'
import type { OperatorTables, StoredReceipt } from './operator-tables.ts'
import { UsageError } from './partners.ts'

/** Which chains to look at; all of them unless one is named. */
export interface AuditOptions extends TableOptions {
  readonly order?: string
  readonly all?: boolean
}

/** What came of one chain: how long it is, or what is wrong with it. */
interface Finding {
  readonly records: number
  readonly fault?: string
}

/**
 * Verifies the audit: that each chain holds together and ends where it is said to, and that it meets
 * every receipt that the courier's router signed for it.
 *
 * @returns exit code: 0 sound, 1 not
 */
export async function auditVerify(options: AuditOptions): Promise<number> {
  const { order, all } = options
  if (order !== undefined && all) throw new UsageError('--order or --all, not both')
  const tables = openTables(options, ['audit'])
  try {
    const receipts = Map.groupBy(await tables.receipts(), one => one.order)
    const known = [...new Set([...(await tables.chains()), ...receipts.keys()])].sort()
    const chains = order === undefined ? known : known.filter(name => name === order)
    if (order !== undefined && chains.length === 0) {
      console.error(`lasthop: no record and no receipt of ${order}`)
      return 1
    }
    return await report(tables, chains, receipts)
  } finally {
    tables.close()
  }
}

async function report(
  tables: OperatorTables,
  chains: readonly string[],
  receipts: ReadonlyMap<string, readonly StoredReceipt[]>,
): Promise<number> {
  const total = { records: 0, receipts: 0, faults: 0 }
  for (const name of chains) {
    const own = receipts.get(name) ?? []
    const { records, fault } = await verifyOne(tables, name, own)
    total.records += records
    total.receipts += own.length
    if (fault === undefined) continue
    total.faults += 1
    console.log(`${name}: ${fault}`)
  }
  const { faults } = total
  const sums = `${chains.length} chains, ${total.records} records, ${total.receipts} receipts`
  console.log(faults === 0 ? `${sums}: sound` : `${sums}: ${faults} not sound`)
  return faults === 0 ? 0 : 1
}

async function verifyOne(
  { store, receiptKey }: OperatorTables,
  name: string,
  receipts: readonly StoredReceipt[],
): Promise<Finding> {
  const heads: ChainHead[] = []
  for (const receipt of receipts) {
    const head = headIn(receipt, receiptKey(receipt.courier))
    if (head === undefined) return { records: 0, fault: 'a receipt that its router did not sign' }
    heads.push(head)
  }
  const chain = await store.readChain(name).catch(unreadable)
  if (chain === undefined) return { records: 0, fault: 'a record that cannot be read' }
  const { length } = chain.records
  const wrong = verifyChain(name, chain, heads)
  if (wrong === undefined) return { records: length }
  const fault =
    wrong > length
      ? `cut off behind record ${length}`
      : `record ${wrong} of ${length} was changed, moved, put in, or follows one that was cut out`
  return { records: length, fault }
}

/** A record that somebody wrote over may be no JSON at all. */
function unreadable(error: unknown): undefined {
  if (!(error instanceof SyntaxError)) throw error
}

/** Where the router says that the chain stood; undefined for a receipt that is not its own. */
function headIn(
  { order, courier, jws }: StoredReceipt,
  key: ReturnType<OperatorTables['receiptKey']>,
): ChainHead | undefined {
  if (key === undefined) return undefined
  try {
    const { payload } = verifyJws(jws, { typ: ['lasthop-receipt'], keys: [key] })
    const said = parseFlat(payload.toString('latin1')) ?? {}
    if (said.order !== order || said.courier !== courier) return undefined
    return { length: Number(said.seq), hash: String(said.head) }
  } catch {
    return undefined
  }
}
