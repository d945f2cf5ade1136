import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { couriers } from '../../lib/couriers/index.ts'
import { platforms } from '../../lib/platforms/index.ts'
import { courierLaws } from './courier-laws.ts'
import { platformLaws } from './platform-laws.ts'
import { subjects } from './subject.ts'

// What every platform and every courier keeps beyond its tables: requests, answers, pushes, errors.

for (const platform of platforms) {
  describe(`platforms/${platform.name}`, () => {
    for (const [law, faultsOf] of Object.entries(platformLaws))
      test(law, () => assert.deepEqual(faultsOf(platform), []))
  })
}

for (const courier of couriers) {
  const subject = subjects.find(({ name }) => name === `couriers/${courier.name}`)
  describe(`couriers/${courier.name}`, () => {
    for (const [law, faultsOf] of Object.entries(courierLaws))
      test(law, () => {
        assert.ok(subject)
        assert.deepEqual(faultsOf(courier, subject), [])
      })
  })
}
