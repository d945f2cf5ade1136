import type { Line } from './line.ts'

/** An order as it is posted: its name and what it says. */
export interface Posted {
  readonly order: string
  readonly body: string
}

/** What lies in the tables of one order. */
export interface Kept {
  readonly bodies: readonly string[]
  /** How often it is owed to the courier. */
  readonly owed: number
}

/** One way to take orders in: a line to the database, an invocation, and what it left. */
export interface Side {
  readonly line: Line
  /** Resolves when the order is acknowledged. */
  take(posted: Posted): Promise<void>
  kept(order: string): Promise<Kept>
}

/** Milliseconds that an invocation may take. */
export const INVOCATION_MS = 250
