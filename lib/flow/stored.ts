import type { Acceptance, Change, Event, Order, Sealed } from '../model/generated/types.ts'
import type { Doc } from '../store/index.ts'
import type { Group } from './prepare.ts'

/** What is kept of an order as one text: the open document and its seals, their keys taken out. */
export interface StoredOrder {
  readonly order: Order
  readonly sealed: Partial<Record<Group, Sealed>>
}

/** An order's documents as text, for the store. */
export function writeStored(stored: StoredOrder): string {
  return JSON.stringify(stored)
}

/** An order's documents out of the store; only this module's own text lies there. */
export function readStored(doc: Doc): StoredOrder {
  return JSON.parse(doc.body) as StoredOrder
}

/** The courier's answer out of the store, where there is one. */
export function readAcceptance(doc: Doc): Acceptance | undefined {
  return doc.answer === undefined ? undefined : (JSON.parse(doc.answer) as Acceptance)
}

/** The event that a tracking entry carries. */
export function readEvent(body: string): Event {
  return JSON.parse(body) as Event
}

/** The outcome of a cancellation that an entry carries. */
export function readChange(body: string): Change {
  return JSON.parse(body) as Change
}
