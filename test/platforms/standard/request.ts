import assert from 'node:assert/strict'
import { GatewayError } from '../../../lib/model/errors.ts'
import { checkOrder } from '../../../lib/model/validate.ts'
import samples from '../../../lib/platforms/standard/fixtures/request-clear.wire.json' with {
  type: 'json',
}

/** A JSON object. */
export type Json = { readonly [name: string]: unknown }

/** The platform's account, with nothing agreed. */
export const credential = {
  ...{ appKey: 'standard', secrets: [], md5: false, couriers: {}, ignoreServices: [], native: {} },
}
const [first] = samples.orders
assert(first)
const { receiver: clear, createdAt, ...undated } = first
/** The sandbox's order, as posted. */
export const sample: Json = { ...undated, receiver: clear, createdAt }

/** A request with this document, or this text, as its body. */
export const requestOf = (document: unknown) => ({
  method: 'POST',
  path: '/v1/platforms/standard/orders',
  query: new Map(),
  headers: new Map(),
  body: Buffer.from(typeof document === 'string' ? document : JSON.stringify(document)),
})

/** What `work` is refused with: code and place. */
export const thrown = (work: () => unknown): string => {
  try {
    work()
  } catch (error) {
    if (error instanceof GatewayError) return error.message
    throw error
  }
  return 'nothing thrown'
}

/** Somewhere. */
export const region = {
  country: { name: '中国', code: 'CN' },
  province: { name: '福建省', code: '350000' },
}
/** A mask that shows what it may. */
export const display = { name: '张*', phone: '138******00', address: '测试路1号***' }
const b64 = (length: number) => 'A'.repeat(length)
/** A seal by its form alone. */
export const sealed = {
  ...{ protected: b64(200), iv: b64(16), ciphertext: b64(683), tag: b64(22) },
  header: { alg: 'RSA-OAEP-256', kid: b64(43) },
  ...{ encrypted_key: b64(512), platform: 'standard', sealedAt: '2026-01-01T00:00:00Z' },
  signature: `${b64(40)}..${b64(86)}`,
}
/** A cipher of the platform's. */
export const cipher = { value: '#密文#', authRef: '1' }

const party = { region, display, protection: { kind: 'sealed' } }
/** The sample as the gateway keeps it. */
export const order = checkOrder({
  ...{ ...sample, lasthop: '1.0', order: 'o_fck7qd6bckys2eiuxjf7u36sdw', rev: 1 },
  ...{ platform: 'standard', sender: party, receiver: party },
})
