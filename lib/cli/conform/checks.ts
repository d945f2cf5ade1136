import { bytesChecks } from './bytes-checks.ts'
import { changeChecks } from './change-checks.ts'
import { type Check, expect } from './check.ts'
import { eventChecks } from './event-checks.ts'
import type { Kit } from './kit.ts'
import { openChecks } from './open-checks.ts'
import { answerChecks, orderChecks } from './order-checks.ts'
import { strangerChecks } from './stranger-checks.ts'

/** Looks at all answers of the run, so it is the last. */
const privacy: Check<Kit> = {
  name: 'no answer held a name, phone, address or remark that was posted',
  async run({ heard, people }) {
    const all = heard.join('\n')
    expect(heard.length > 0, 'an answer at all')
    expect(!people.some(value => all.includes(value)), 'answers without personal data')
  },
}

/** All that is checked, in the order it is. */
export const checks: readonly Check<Kit>[] = [
  ...openChecks,
  ...strangerChecks,
  ...bytesChecks,
  ...orderChecks,
  ...answerChecks,
  ...eventChecks,
  ...changeChecks,
  privacy,
]
