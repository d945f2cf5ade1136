import type { ChangeOutcome, ChangeResult, NativeAnswer } from '../platform.ts'
import type { ChangeName } from './read-changes.ts'
import { answer, problemAt } from './wire.ts'

/** `change-outcomes.json`: every wish once, in the order they were sent. */
export function answerChanges(results: readonly ChangeResult<ChangeName>[]): NativeAnswer {
  return answer(
    results.map(({ native, outcome }) => ({
      outcome: outcome.kind,
      ...native.names,
      ...toldOf(outcome, native),
    })),
  )
}

function toldOf(outcome: ChangeOutcome, native: ChangeName): object {
  switch (outcome.kind) {
    case 'too-late':
      return { collected: outcome.collected }
    case 'closed':
      return { state: outcome.state }
    case 'failed':
      return { problem: problemAt(outcome.error, native) }
    default:
      return {}
  }
}
