import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RawRequest } from '../../../lib/access/request.ts'
import type { CourierSettings } from '../../../lib/couriers/courier.ts'
import { checkOrder, type Order } from '../../../lib/model/validate.ts'

const folder = join(import.meta.dirname, '../../../lib/couriers/kye/fixtures')

/** What a courier's operator agreed at least, with the flag of the fixtures. */
export const settings: CourierSettings = {
  displayLevel: 'street',
  native: { customerCode: '75500000000' },
  secret: 'SZYG',
}

/** A fixture by its file name without `.json`: `waybill-basic.wire`. */
export function fixture(name: string): unknown {
  return JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'))
}

/** The order of `waybill-<name>.canonical.json`, with some members replaced. */
export function orderOf(name: string, changes: Partial<Order> = {}): Order {
  return { ...checkOrder(fixture(`waybill-${name}.canonical`)), ...changes }
}

/** A push as it arrives. */
export const push = (
  body: string | Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): RawRequest => ({
  method: 'POST',
  path: '/v1/couriers/kye/events',
  query: new Map(),
  headers: new Map(Object.entries(headers)),
  body: Buffer.from(body),
})
