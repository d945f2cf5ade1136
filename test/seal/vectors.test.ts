import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { GatewayError } from '../../lib/model/errors.ts'
import type { Personal, Sealed } from '../../lib/model/validate.ts'
import type { Binding } from '../../lib/seal/envelope.ts'
import { openSealed } from '../../lib/seal/open.ts'
import { verifySeal } from '../../lib/seal/signature.ts'
import { pins } from './fixtures.ts'
import { unwrap } from './unwrap.ts'

/** One scenario of `test/vectors/seal`. */
interface Vector {
  about: string
  /** `OPENED`, or the code of the error. */
  expect: string
  /** Pointer of the error. */
  at?: string
  sealed: Sealed
  asked: Binding
  /** Which private key unwraps the content key. */
  key: 'custody' | 'platformCustody'
  personal?: Personal
}

const folder = join(import.meta.dirname, '../vectors/seal')

/** What a station does, with a private key in KMS's place. */
function open({ sealed, asked, key }: Vector): Personal {
  verifySeal(sealed, pins)
  return openSealed(sealed, unwrap(sealed.encrypted_key, key), asked)
}

for (const name of readdirSync(folder)) {
  const vector: Vector = JSON.parse(readFileSync(join(folder, name), 'utf8'))
  test(`${name.replace('.json', '')}: ${vector.about}`, () => {
    if (vector.expect === 'OPENED') {
      assert.deepEqual(open(vector), vector.personal)
      return
    }
    assert.throws(
      () => open(vector),
      (error: unknown) => {
        assert.ok(error instanceof GatewayError)
        assert.deepEqual([error.code, error.at], [vector.expect, vector.at])
        return true
      },
    )
  })
}
