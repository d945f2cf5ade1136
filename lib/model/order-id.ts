import { createHash } from 'node:crypto'
import { base32 } from './base32.ts'
import { GatewayError } from './errors.ts'

/** What names a parcel on its platform. */
export interface ParcelName {
  readonly platform: string
  /** Only for orders of another channel; else absent. */
  readonly shop?: string | undefined
  readonly platformOrders: readonly string[]
  /** `-` where the platform names none; a second life ends in `~2`, `~3` … */
  readonly parcel: string
}

/**
 * The order id: `o_` and the first 26 characters of lower-case base32 of SHA-256 over platform,
 * shop, sorted platform orders joined by a comma, and parcel, each ended by LF. Anybody can compute
 * it; the same order posted twice has the same id.
 *
 * @throws {GatewayError} `VALUE_INVALID` for a part that holds a comma, LF or control character.
 * @see design section 3
 */
export function orderId(name: ParcelName): string {
  const orders = [...new Set(name.platformOrders)].sort(byCodeUnit)
  if (orders.length === 0) throw new GatewayError('VALUE_INVALID', '/platformOrders')
  const parts = [
    plain(name.platform, '/platform'),
    plain(name.shop ?? '', '/shop'),
    orders.map(order => plain(order, '/platformOrders')).join(','),
    plain(name.parcel, '/parcel'),
  ]
  return `o_${digest26(parts)}`
}

/**
 * The event id: `e_` and 26 characters, over the courier and the courier's own key of the event, so
 * that a repeated push is the same event.
 *
 * @throws {GatewayError} `VALUE_INVALID` for a part that holds a control character.
 */
export function eventId(courier: string, nativeKey: readonly string[]): string {
  if (nativeKey.some(hasControl)) throw new GatewayError('VALUE_INVALID')
  return `e_${digest26([courier, ...nativeKey])}`
}

/** What a later life of a parcel adds to its name. */
const LIFE = /~[1-9][0-9]{0,3}$/

/**
 * A parcel as its platform names it, without what says that it is a later life: `1~2` → `1`. `-`
 * stays: the platform named none. Whatever goes to a platform names parcels so.
 */
export function nativeParcel(parcel: string): string {
  return parcel.replace(LIFE, '')
}

/** Which life of a parcel this is: 1 for `1`, 2 for `1~2`. */
export function lifeOf(parcel: string): number {
  return Number(LIFE.exec(parcel)?.[0].slice(1) ?? 1)
}

/** The name of a later life of a parcel, from 2; the first has the parcel's own. */
export function parcelInLife(parcel: string, life: number): string {
  return life === 1 ? parcel : `${parcel}~${life}`
}

/** Sorted, each once: the order in which merged orders are listed and hashed. */
export function sortedOrders(orders: readonly string[]): string[] {
  return [...new Set(orders)].sort(byCodeUnit)
}

function digest26(parts: readonly string[]): string {
  const text = parts.map(part => `${part}\n`).join('')
  return base32(createHash('sha256').update(text, 'utf8').digest(), 26)
}

function plain(text: string, at: string): string {
  if (hasControl(text) || text.includes(',') || !text.isWellFormed()) {
    throw new GatewayError('VALUE_INVALID', at)
  }
  return text
}

function hasControl(text: string): boolean {
  for (const character of text) {
    if (character < ' ' || character === '\u007f') return true
  }
  return false
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
