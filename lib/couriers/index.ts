import type { Courier } from './courier.ts'
import { sf } from './sf/index.ts'

/** Every courier, one line each. */
export const couriers: readonly Courier[] = [sf]

/** The courier of a slug, such as `sf`; `undefined` where none has it. */
export function courierByName(name: string): Courier | undefined {
  return couriers.find(courier => courier.name === name)
}
