import type { NativeAnswer, OrderOutcome, OrderResult } from '../platform.ts'
import type { OrderName } from './read-orders.ts'
import { answer, problemAt } from './wire.ts'

/** `outcomes.json`: every order once, in the order they were posted. */
export function answerOrders(results: readonly OrderResult<OrderName>[]): NativeAnswer {
  return answer(
    results.map(({ native, outcome }) => ({
      outcome: outcome.kind,
      ...native.names,
      ...toldOf(outcome, native),
    })),
  )
}

function toldOf(outcome: OrderOutcome, native: OrderName): object {
  switch (outcome.kind) {
    case 'accepted': {
      const { acceptance, changed } = outcome
      return { acceptance, ...(changed ? { changed } : {}) }
    }
    case 'refused':
      return { reason: outcome.reason }
    case 'failed':
      return { problem: problemAt(outcome.error, native) }
    default:
      return {}
  }
}
