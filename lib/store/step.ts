import type { Group } from '../model/validate.ts'
import type { Entry, Feed } from './entry.ts'
import type { Head } from './head.ts'

/** What custody needs of one group's seal: the wrapped key as bytes, the rest as opaque text. */
export interface WrappedKey {
  readonly wrapped: Uint8Array
  /** Signature of the seal and what it is over. */
  readonly signed: string
  /** Of who signed this seal, where that is not who signed the order's others. */
  readonly certificate?: string
}

/** The wrapped keys of an order's groups, and the certificate that their signatures share. */
export type OrderKeys = Readonly<Partial<Record<Group, WrappedKey>>> & {
  readonly certificate?: string
}

/** Under which number an event came: of a box, of the signed receipt, or of the way back. */
export type WaybillRole = 'box' | 'sign-back' | 'return'

/** A look-up from a partner's number to the order. */
export type Ref =
  | {
      readonly by: 'platform'
      readonly shop: string
      readonly platformOrder: string
      readonly parcel: string
    }
  | { readonly by: 'waybill'; readonly waybill: string; readonly role: WaybillRole }

/** One step of an order: all of it is written, or nothing. */
export interface Step {
  readonly head: Head
  readonly put: readonly Entry[]
  readonly drop: readonly { readonly feed: Feed; readonly id: string }[]
  readonly refs: readonly Ref[]
  /** The order document, when it is new. */
  readonly doc?: string
  /** The courier's answer, when it is new. */
  readonly answer?: string
  readonly keys?: OrderKeys
}

/** What comes of a cause: an outcome for whoever asked, and a step unless nothing changes. */
export interface Decision<Outcome> {
  readonly outcome: Outcome
  readonly step?: Step
}

/**
 * Decides on an order as it is now; undefined where there is none. Called again with the newer head
 * when another step came in between, so it must be pure.
 *
 * @throws {GatewayError} to refuse: nothing is written for this order.
 */
export type Decide<Outcome> = (head: Head | undefined) => Decision<Outcome>

/** A cause that concerns one order. */
export interface Proposal<Outcome> {
  readonly order: string
  readonly decide: Decide<Outcome>
}

/**
 * The decisions on several causes of one order as one, each upon the head that the one before left.
 */
export function inSequence<Outcome>(decides: readonly Decide<Outcome>[]): Decide<Outcome[]> {
  return start => {
    let head = start
    let step: Step | undefined
    const outcome: Outcome[] = []
    for (const decide of decides) {
      const decision = decide(head)
      outcome.push(decision.outcome)
      if (decision.step === undefined) continue
      step = step === undefined ? decision.step : joined(step, decision.step)
      head = step.head
    }
    return step === undefined ? { outcome } : { outcome, step }
  }
}

/** Two steps as one. An entry that the first puts and the second drops is never written. */
function joined(first: Step, second: Step): Step {
  const dropped = new Set(second.drop.map(entry => entry.id))
  const unwritten = new Set(first.put.map(entry => entry.id))
  return {
    ...first,
    ...second,
    put: [...first.put.filter(entry => !dropped.has(entry.id)), ...second.put],
    drop: [...first.drop, ...second.drop.filter(entry => !unwritten.has(entry.id))],
    refs: [...first.refs, ...second.refs],
    ...(first.keys || second.keys ? { keys: { ...first.keys, ...second.keys } } : {}),
  }
}
