import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CourierSettings } from '../../../lib/couriers/courier.ts'
import { checkOrder, type Order } from '../../../lib/model/validate.ts'

const folder = join(import.meta.dirname, '../../../lib/couriers/sf/fixtures')

/** What a courier's operator agreed at least. */
export const settings: CourierSettings = { displayLevel: 'street', native: {} }

/** A fixture by its file name without `.json`: `waybill-basic.wire`. */
export function fixture(name: string): unknown {
  return JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'))
}

/** The order of `waybill-<name>.canonical.json`, with some members replaced. */
export function orderOf(name: string, changes: Partial<Order> = {}): Order {
  return { ...checkOrder(fixture(`waybill-${name}.canonical`)), ...changes }
}

/** The names of all pairs of one kind: `waybill-basic` … */
export function pairs(kind: string): string[] {
  const ending = '.canonical.json'
  return readdirSync(folder)
    .filter(file => file.startsWith(`${kind}-`) && file.endsWith(ending))
    .map(file => file.slice(0, -ending.length))
}
