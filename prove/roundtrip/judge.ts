import {
  constants,
  createHash,
  generateKeyPairSync,
  type KeyObject,
  privateDecrypt,
} from 'node:crypto'
import type { CourierConfig } from '../../lib/flow/config.ts'
import type { Draft } from '../../lib/model/draft.ts'
import type { Order, Personal } from '../../lib/model/validate.ts'
import type { Code, Source, Target } from './subject.ts'

/** What became of a case: nothing lost, refused with a code, or what was lost and where. */
export type Verdict =
  | { readonly kind: 'kept' }
  | { readonly kind: 'refused'; readonly what: string }
  | { readonly kind: 'lost'; readonly what: string }

/** How often a seal that was made is opened: once in so many, since RSA by a private key is slow. */
export const OPENED_ONE_IN = 40

/** Counts of seals, over all cases. */
export interface Seals {
  sealed: number
  opened: number
}

/** Judges one order on its way from a platform to a courier and back; `seals` says whether it is sealed on the way. */
export type Judge = (source: Source, target: Target, posted: Draft, seals: boolean) => Verdict

const groups = ['sender', 'receiver'] as const
const members = ['name', 'phone', 'telephone', 'address', 'company', 'remark'] as const

/** The judge of some code. Errors are known by code and place: `GatewayError` of a copy is another class. */
export function judgeOf(code: Code, seals: Seals): Judge {
  const holds = sealsOf(code, seals)
  return (source, target, posted, isSealed) => {
    let by = source.platform.name
    const lost = (what: string): Verdict => ({ kind: 'lost', what: `${by} ${what}` })
    try {
      const native = source.pass(posted)
      if (native.lost !== undefined) return lost(native.lost)
      by = target.courier.name
      const { order, personal } = prepare(code, source, target, native.read)
      const unlike = unlikeOf(posted, personal)
      if (unlike !== undefined) return lost(unlike)
      for (const group of isSealed ? groups : [])
        if (!holds(order, group, personal[group])) return lost(`opened ${group}`)
      const waybill = target.pass(order)
      return waybill.lost === undefined ? { kind: 'kept' } : lost(waybill.lost)
    } catch (error) {
      return { kind: 'refused', what: `${by} ${codeOf(error)}` }
    }
  }
}

function prepare(code: Code, { platform }: Source, { courier, settings }: Target, draft: Draft) {
  const { product, account } = courier.sandbox
  const billed = draft.settlement === 'cash' ? {} : { account }
  const addressed = { ...draft, courier: courier.name, product, ...billed }
  const config: CourierConfig = {
    ...{ settings, custodyKeys: [], dispatchKeys: [], router: 'router', shards: 1 },
    issuer: { url: 'https://id.example', keys: [] },
  }
  const terms = { payer: 'sender' } as const
  return code.prepareOrder(addressed, { platform: platform.name, terms, courier: config })
}

/** What is to be sealed is what was posted, member by member and byte by byte. */
function unlikeOf(posted: Draft, personal: Partial<Record<string, Personal>>): string | undefined {
  for (const group of groups)
    for (const name of members)
      if (posted[group].personal?.[name] !== personal[group]?.[name]) return `${group} ${name}`
  return undefined
}

/** Seals a group; of so many seals one is opened, and must hold what was sealed, byte for byte. */
function sealsOf(code: Code, seals: Seals) {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 3072 })
  const recipient = { kid: kidOf(publicKey), key: publicKey }
  return (order: Order, group: (typeof groups)[number], personal?: Personal): boolean => {
    if (personal === undefined) return true
    const binding = { order: order.order, courier: order.courier, group, rev: order.rev }
    const jwe = code.sealPersonal(personal, recipient, binding)
    seals.sealed += 1
    if (seals.sealed % OPENED_ONE_IN !== 0) return true
    const key = unwrap(privateKey, jwe.encrypted_key)
    seals.opened += 1
    const opened = openedBy(() => code.openSealed({ ...unsigned, ...jwe }, key, binding))
    return opened === JSON.stringify(personal)
  }
}

/** What was just sealed opens: an error here is a loss, whatever its code. */
function openedBy(open: () => Personal): string {
  try {
    return JSON.stringify(open())
  } catch (error) {
    return codeOf(error)
  }
}

/** An error with a code and a place refuses; any other breaks the proof. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error) || !('at' in error)) throw error
  return `${error.code} at ${String(error.at).replace(/\d+/g, '0')}`
}

/** Members of a seal that opening does not read, but its form wants. */
const unsigned = {
  platform: 'acme',
  sealedAt: '2026-01-01T00:00:00Z',
  signature: `e30..${'A'.repeat(86)}`,
}

function unwrap(key: KeyObject, wrapped: string): Buffer {
  const padding = constants.RSA_PKCS1_OAEP_PADDING
  return privateDecrypt({ key, padding, oaepHash: 'sha256' }, Buffer.from(wrapped, 'base64url'))
}

/** RFC 7638. */
function kidOf(key: KeyObject): string {
  const { e, kty, n } = key.export({ format: 'jwk' })
  return createHash('sha256').update(JSON.stringify({ e, kty, n })).digest('base64url')
}
