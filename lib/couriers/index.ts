import type { Courier } from './courier.ts'
import { kye } from './kye/index.ts'
import { sf } from './sf/index.ts'
import { standard } from './standard/index.ts'

/** Every courier, one line each. */
export const couriers: readonly Courier[] = [sf, kye, standard]

/** The courier of a slug, such as `sf`; `undefined` where none has it. */
export function courierByName(name: string): Courier | undefined {
  return couriers.find(courier => courier.name === name)
}
