import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import { thumbprint } from '../../seal/keys.ts'
import { list, member, textOf } from '../send.ts'
import { type Check, expect, Mismatch, same } from './check.ts'
import type { Kit } from './kit.ts'

const SCHEMAS = [
  ...['acceptance', 'assignment', 'change', 'change-outcomes', 'changes', 'event', 'order'],
  ...['orders', 'outcomes', 'party', 'personal', 'push', 'sealed'],
]

/** What anybody may read. */
export const openChecks: readonly Check<Kit>[] = [
  {
    name: 'health answers',
    async run({ call }) {
      const { status, body } = await call({ as: null, path: '/v1/health' })
      same(status, 200, 'status')
      same(textOf(body, 'status'), 'ok', 'what it says')
    },
  },
  {
    name: 'every schema of the standard is served',
    async run({ call }) {
      for (const name of SCHEMAS) {
        const { status, body } = await call({ as: null, path: `/v1/schemas/${name}.json` })
        same(status, 200, `status of ${name}.json`)
        const id = `https://lasthop.dev/schemas/1/${name}.json`
        expect(textOf(body, '$id') === id, `the $id of ${name}.json`)
      }
    },
  },
  {
    name: 'custody keys are RSA 3072, each named by its thumbprint',
    async run({ call, paths }) {
      const { status, body } = await call({ as: null, path: `${paths.courier}/keys` })
      same(status, 200, 'status')
      const keys = list(body, 'keys')
      expect(keys.length > 0, 'a key at least')
      for (const jwk of keys) {
        const key = publicKeyOf(jwk)
        same(key.asymmetricKeyDetails?.modulusLength, 3072, 'bits')
        expect(thumbprint(key) === textOf(jwk, 'kid'), 'a kid that is the thumbprint (RFC 7638)')
        for (const secret of ['d', 'p', 'q'])
          expect(member(jwk, secret) === undefined, 'public halves alone')
      }
    },
  },
  {
    name: 'a path that is none answers 404, as a problem',
    async run({ call }) {
      const { status, type, body } = await call({ as: null, path: '/v1/nothing' })
      same(status, 404, 'status')
      expect(type.includes('application/problem+json'), 'a problem document')
      same(textOf(body, 'code'), 'NOT_FOUND', 'code')
    },
  },
]

function publicKeyOf(jwk: unknown): KeyObject {
  try {
    return createPublicKey({ key: Object(jwk) as JsonWebKey, format: 'jwk' })
  } catch {
    throw new Mismatch('a key that can be read')
  }
}
