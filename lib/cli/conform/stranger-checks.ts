import { generateKeyPairSync } from 'node:crypto'
import { textOf } from '../send.ts'
import { type Check, expect, same } from './check.ts'
import type { Call, Kit } from './kit.ts'

const HOUR_MS = 3_600_000

/** Calls of both sides, with a body and without: they are covered by different components. */
const callsOf = ({ paths, order }: Kit): Call[] => [
  { as: 'platform', path: `${paths.platform}/orders`, body: { orders: [order()] } },
  { as: 'platform', path: `${paths.platform}/events` },
  { as: 'courier', path: `${paths.courier}/waybills?limit=10` },
  { as: 'courier', path: `${paths.courier}/answers`, body: { answers: [] } },
  { as: 'courier', path: `${paths.courier}/events`, body: { events: [] } },
]

/** Whatever a stranger changes of a call, the answer is the same 401. Calls that cannot be changed so are left out. */
function refused(
  name: string,
  change: (call: Call, kit: Kit) => Partial<Call> | undefined,
): Check<Kit> {
  return {
    name: `401 for ${name}`,
    async run(kit) {
      for (const call of callsOf(kit)) {
        const changed = change(call, kit)
        if (changed === undefined) continue
        const { status, type, body } = await kit.call({ ...call, ...changed })
        const what = call.path.replace(/\?.*/, '')
        same(status, 401, `status of ${what}`)
        expect(type.includes('application/problem+json'), `a problem document from ${what}`)
        same(textOf(body, 'code'), 'UNAUTHENTICATED', `code from ${what}`)
      }
    },
  }
}

const keyOf = ({ as }: Call, { target }: Kit) => target[as ?? 'platform'].key
const strangersKey = generateKeyPairSync('ed25519').privateKey

/** Callers who are not who they say. */
export const strangerChecks: readonly Check<Kit>[] = [
  refused('a call that nobody signed', () => ({ as: null })),
  refused('another body than the one signed', ({ body }) =>
    body === undefined ? undefined : { instead: { body: `${JSON.stringify(body)} ` } },
  ),
  refused('another path than the one signed', ({ path }, { paths }) => ({
    path: `${paths.platform}/orders/1`,
    instead: { path },
  })),
  refused('a query that was not signed', ({ path }) => ({
    instead: { path: `${path}${path.includes('?') ? '&' : '?'}shard=0` },
  })),
  refused('a call that was signed for another host', () => ({ origin: 'https://another.example' })),
  refused('a signature of an hour ago', () => ({ at: new Date(Date.now() - HOUR_MS) })),
  refused('a signature of an hour ahead', () => ({ at: new Date(Date.now() + HOUR_MS) })),
  refused('a name that nobody has', (call, kit) => ({
    key: { ...keyOf(call, kit), keyid: 'nobody' },
  })),
  refused('another’s key under a caller’s name', (call, kit) => ({
    key: { ...keyOf(call, kit), key: strangersKey },
  })),
  refused('the key of the other side', ({ as }, { target }) => ({
    key: target[as === 'platform' ? 'courier' : 'platform'].key,
  })),
]
