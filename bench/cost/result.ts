import type { Account, Usage } from './counts.ts'
import type { Idle, Resources } from './idle.ts'
import type { Step } from './play.ts'

/** Names of the ways that were played. */
export type WayName = 'single' | 'batched' | 'single, not opened' | 'batched, not opened'

/** What was counted: no price is in it. */
export interface CostResult {
  /** `2026-01-01` */
  readonly measured: string
  readonly node: string
  /** Steps of one order. */
  readonly ways: Readonly<Record<WayName, readonly Step[]>>
  /** What environments of all functions take beside, when they are new: secrets, a certificate. */
  readonly warming: Usage
  readonly idle: Idle
  readonly resources: Readonly<Record<Account, Resources>>
  /** Bytes of one order, by table. */
  readonly stored: Readonly<Record<string, number>>
}
