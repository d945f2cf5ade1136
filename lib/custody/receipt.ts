import { GatewayError } from '../model/errors.ts'
import { isDigest } from '../seal/envelope.ts'
import { signJws } from '../seal/jws.ts'
import type { VerifiedAssignment } from './assignment.ts'
import type { RouterPorts } from './router-ports.ts'

/** Where an order's audit chain stands: its length, and the hash of its last record, base64url. */
export interface AuditHead {
  readonly seq: number
  readonly head: string
}

/**
 * Where the gateway says that the chain stands.
 *
 * @throws {GatewayError} `MALFORMED` at `/audit` when that is no chain with at least one record.
 */
export function checkAuditHead(value: unknown): AuditHead {
  const { seq, head }: Readonly<Record<string, unknown>> =
    typeof value === 'object' && value !== null ? { ...value } : {}
  if (typeof seq !== 'number' || !Number.isSafeInteger(seq) || seq < 1 || !isDigest(head)) {
    throw new GatewayError('MALFORMED', '/audit')
  }
  return { seq, head }
}

/**
 * Signs where the order's audit chain stood and keeps that in the courier's account. The first receipt
 * for a length stands: a chain that was cut or rewritten since does not meet it.
 *
 * @returns the receipt that stands, a compact JWS of `typ` `lasthop-receipt`
 */
export async function keepReceipt(
  ports: RouterPorts,
  { assignment }: VerifiedAssignment,
  { seq, head }: AuditHead,
): Promise<string> {
  const { courier, order, group, epoch } = assignment
  const iat = Math.floor(ports.now().getTime() / 1000)
  const receipt = JSON.stringify({ courier, order, seq, head, group, epoch, iat })
  const jws = signJws('lasthop-receipt', receipt, ports.receiptKey)
  return (await ports.table.keepReceipt({ order, seq, head, jws })).jws
}
